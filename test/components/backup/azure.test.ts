import { expect } from "chai";

import { unknownText, type ResourceGraph } from "../../../simulator/graph";
import { region, tags } from "../../support/azure";
import {
  accountId,
  build,
  clusterId,
  clusterPrincipal,
  contentsOfBackup,
  output,
  policyId,
  snapshotsId,
  subscription,
  vaultId,
  workspaceId,
} from "../../support/azure-backup";
import { contents, named, waitedFor } from "../../support/simulated";

for (const preview of [true, false]) {
  describe(`the backup on Azure, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await build({}, preview);
    });
    const later = (value: unknown): unknown => (preview ? unknownText : value);

    it("is a vault, a policy and what it backs up, with everything that this needs; and nothing else", () => {
      expect(contents(graph, "backup")).to.deep.equal(contentsOfBackup);
    });

    it("has a vault that signs in by itself, tells of failed jobs and keeps what was deleted", () => {
      expect(named(graph, "backup-vault").inputs).to.deep.equal({
        resourceGroupName: "acme",
        location: region,
        identity: { type: "SystemAssigned" },
        properties: {
          storageSettings: [{ datastoreType: "VaultStore", type: "LocallyRedundant" }],
          securitySettings: { softDeleteSettings: { state: "On", retentionDurationInDays: 14 } },
          monitoringSettings: { azureMonitorAlertSettings: { alertsForAllJobFailures: "Enabled" } },
        },
        tags,
      });
    });

    it("backs up every four hours from one fixed moment on, and keeps each backup as long as configured", () => {
      const dataStore = { dataStoreType: "OperationalStore", objectType: "DataStoreInfoBase" };
      expect(named(graph, "backup-policy-35d").inputs).to.deep.equal({
        resourceGroupName: "acme",
        vaultName: later(output(graph, "backup-vault", "name")),
        backupPolicyName: "every-4-hours-kept-35-days",
        properties: {
          objectType: "BackupPolicy",
          datasourceTypes: ["Microsoft.ContainerService/managedClusters"],
          policyRules: [
            {
              objectType: "AzureBackupRule",
              name: "BackupHourly",
              backupParameters: { objectType: "AzureBackupParams", backupType: "Incremental" },
              dataStore,
              trigger: {
                objectType: "ScheduleBasedTriggerContext",
                schedule: {
                  repeatingTimeIntervals: ["R/2024-01-01T00:00:00+00:00/PT4H"],
                  timeZone: "Coordinated Universal Time",
                },
                taggingCriteria: [{ isDefault: true, tagInfo: { tagName: "Default" }, taggingPriority: 99 }],
              },
            },
            {
              objectType: "AzureRetentionRule",
              name: "Default",
              isDefault: true,
              lifecycles: [
                {
                  deleteAfter: { objectType: "AbsoluteDeleteOption", duration: "P35D" },
                  sourceDataStore: dataStore,
                  targetDataStoreCopySettings: [],
                },
              ],
            },
          ],
        },
      });
    });

    it("lets the vault into the cluster, by Azure's own role for it", () => {
      expect(named(graph, "backup-trusted-access").inputs).to.deep.equal({
        resourceGroupName: "acme",
        resourceName: "chat",
        trustedAccessRoleBindingName: "backup",
        sourceResourceId: later(vaultId(graph)),
        roles: ["Microsoft.DataProtection/backupVaults/backup-operator"],
      });
    });

    it("installs the extension with a sign-in of its own and no key", () => {
      expect(named(graph, "backup-extension").inputs).to.deep.equal({
        resourceGroupName: "acme",
        clusterRp: "Microsoft.ContainerService",
        clusterResourceName: "managedClusters",
        clusterName: "chat",
        extensionName: "azure-aks-backup",
        extensionType: "microsoft.dataprotection.kubernetes",
        autoUpgradeMinorVersion: true,
        releaseTrain: "stable",
        scope: { cluster: { releaseNamespace: "dataprotection-microsoft" } },
        configurationSettings: {
          "configuration.backupStorageLocation.bucket": "cluster-backups",
          "configuration.backupStorageLocation.config.resourceGroup": "store",
          "configuration.backupStorageLocation.config.storageAccount": "acmebackups",
          "configuration.backupStorageLocation.config.storageAccountURI": "https://acmebackups.blob.core.windows.net/",
          "configuration.backupStorageLocation.config.subscriptionId": subscription,
          "configuration.backupStorageLocation.config.useAAD": "true",
          "credentials.tenantId": later((output(graph, "backup-vault", "identity") as Record<string, unknown>)["tenantId"]),
        },
      });
    });

    it("grants the roles that Azure's own command grants, each where it is needed", () => {
      const principal = (name: string, property: string): unknown =>
        later((output(graph, name, property) as Record<string, unknown>)["principalId"]);
      const vault = principal("backup-vault", "identity");
      const snapshots = later(snapshotsId(graph));
      const granted: readonly (readonly [string, string, unknown, unknown])[] = [
        ["vault-cluster", "acdd72a7-3385-48ef-bd42-f606fba81ae7", clusterId, vault],
        ["vault-snapshots", "acdd72a7-3385-48ef-bd42-f606fba81ae7", snapshots, vault],
        ["vault-snapshots-disks", "7efff54f-a5b4-42b5-a1c5-5411624893ce", snapshots, vault],
        ["vault-objects", "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", accountId, vault],
        ["cluster-snapshots", "b24988ac-6180-42a0-ab88-20f7382dd24c", snapshots, clusterPrincipal],
        ["extension-objects", "ba92f5b4-2d11-453d-a403-e96b0029c9fe", accountId, principal("backup-extension", "aksAssignedIdentity")],
      ];
      for (const [what, role, scope, principalId] of granted) {
        const { inputs } = named(graph, `backup-${what}`);
        expect(inputs, what).to.deep.equal({
          roleAssignmentName: inputs["roleAssignmentName"],
          roleDefinitionId:
            scope === unknownText
              ? unknownText
              : `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
          scope,
          principalId,
          principalType: "ServicePrincipal",
        });
        expect(inputs["roleAssignmentName"], what).to.match(/^[0-9a-f-]{36}$/);
      }
    });

    it("backs up the whole cluster, into the group of the snapshots", () => {
      const source = {
        datasourceType: "Microsoft.ContainerService/managedClusters",
        resourceID: clusterId,
        resourceLocation: region,
        resourceName: "chat",
        resourceType: "Microsoft.ContainerService/managedClusters",
        resourceUri: clusterId,
      };
      expect(named(graph, "backup-instance").inputs).to.deep.equal({
        resourceGroupName: "acme",
        vaultName: later(output(graph, "backup-vault", "name")),
        backupInstanceName: "chat",
        properties: {
          objectType: "BackupInstance",
          friendlyName: "chat",
          dataSourceInfo: { ...source, objectType: "Datasource" },
          dataSourceSetInfo: { ...source, objectType: "DatasourceSet" },
          policyInfo: {
            policyId: later(policyId(graph, 35)),
            policyParameters: {
              dataStoreParametersList: [
                {
                  objectType: "AzureOperationalStoreParameters",
                  dataStoreType: "OperationalStore",
                  resourceGroupId: later(snapshotsId(graph)),
                },
              ],
              backupDatasourceParametersList: [
                {
                  objectType: "KubernetesClusterBackupDatasourceParameters",
                  snapshotVolumes: true,
                  includeClusterScopeResources: true,
                },
              ],
            },
          },
        },
        tags,
      });
    });

    it("sends the vault's logs to the workspace", () => {
      expect(named(graph, "backup-logs").inputs).to.deep.equal({
        name: "rocketchat-test",
        resourceUri: later(vaultId(graph)),
        workspaceId,
        logAnalyticsDestinationType: "Dedicated",
        logs: ["AddonAzureBackupJobs", "AddonAzureBackupPolicy", "AddonAzureBackupProtectedInstance", "CoreAzureBackup"].map(
          (category) => ({
            category,
            enabled: true,
          }),
        ),
      });
    });

    it("changes the cluster one step after another, and backs up when the roles have had time to act", () => {
      expect(waitedFor(graph, named(graph, "backup-trusted-access"))).to.deep.equal(["backup-vault", "pool"]);
      expect(waitedFor(graph, named(graph, "backup-extension"))).to.deep.equal(["backup-trusted-access", "backup-vault", "pool"]);
      expect(waitedFor(graph, named(graph, "backup-settled"))).to.deep.equal(contentsOfBackup["azure-native:authorization:RoleAssignment"]);
      expect(waitedFor(graph, named(graph, "backup-instance"))).to.deep.equal([
        "backup-extension",
        "backup-policy-35d",
        "backup-settled",
        "backup-snapshots",
        "backup-trusted-access",
        "backup-vault",
      ]);
    });

    it("hands out vault and snapshots", () => {
      expect(named(graph, "backup").outputs).to.deep.equal({
        vault: later(output(graph, "backup-vault", "name")),
        vaultId: later(vaultId(graph)),
        resourceGroupName: "acme",
        snapshotGroupName: later(output(graph, "backup-snapshots", "name")),
      });
    });
  });
}
