import type * as aws from "@pulumi/aws";

import { row, type PackageTable, type ResourceType } from "../resource-type";
import { arn, autoNamed } from "./ids";

const logGroup = autoNamed("name", 512);

/** Simulated CloudWatch. */
export const monitoringTable: PackageTable = {
  types: {
    "aws:cloudwatch/logGroup:LogGroup": row<aws.cloudwatch.LogGroup>({
      ...logGroup,
      tags: "tags",
      computed: (r) => ({ name: logGroup.id(r), arn: arn("logs", r.region, `log-group:${logGroup.id(r)}`) }),
      createOnly: ["name"],
    }),
  } satisfies Record<string, ResourceType>,
  functions: {},
};
