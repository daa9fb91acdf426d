import * as pulumi from "@pulumi/pulumi";

import { ConfigurationError } from "../configuration-error";
import type { AwsNetworkArgs } from "./aws";
import { lookUpVpc, type ExistingVpcWishes } from "./aws-existing";
import type { NewVpc } from "./aws-vpc";
import { chooseZones, type ZoneWishes } from "./aws-zones";

/** What the configuration asks for: a VPC of the program's own, or one that exists. */
export interface VpcWishes {
  readonly create?: (Omit<NewVpc, "zones" | "zonesWereChosen"> & Pick<ZoneWishes, "zones">) | undefined;
  readonly use?: Omit<ExistingVpcWishes, "size" | "serviceCidr"> | undefined;
  /** EC2 instance type of the nodes. */
  readonly size: string;
  /** Addresses of Kubernetes Services. */
  readonly serviceCidr: string;
}

/**
 * Asks the account what it has, before anything is registered.
 *
 * @throws ConfigurationError with all that the account cannot give or that would not serve
 */
export async function planVpc({ create, use, size, serviceCidr }: VpcWishes): Promise<AwsNetworkArgs["vpc"]> {
  if (use !== undefined) {
    const { vpc, problems } = await lookUpVpc({ ...use, size, serviceCidr });
    if (problems.length > 0) throw new ConfigurationError(pulumi.getStack(), problems);
    return { use: vpc };
  }
  if (create === undefined) throw new TypeError("the network says neither create nor use");
  const { zones, problems } = await chooseZones({ zones: create.zones, size });
  if (problems.length > 0) throw new ConfigurationError(pulumi.getStack(), problems);
  return { create: { ...create, zones, zonesWereChosen: create.zones === undefined } };
}
