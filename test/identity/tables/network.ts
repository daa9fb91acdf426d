import { serviceOf, stranger, type RoleTable } from "./table";

/** The flow logs of the VPC write to their own log group. */
export const network: readonly RoleTable[] = [
  {
    role: "network-flow-logs-role",
    assumed: serviceOf("vpc-flow-logs.amazonaws.com", (scene) => scene.of("ec2", "vpc-flow-log/fl-0123456789abcdef0")),
    calls: (scene) => {
      const group = scene.arn("network-flow-logs");
      const controlPlane = scene.arn("cluster-logs");
      return {
        may: [
          { action: "logs:CreateLogStream", on: `${group}:log-stream:eni-0123456789abcdef0-all` },
          { action: "logs:PutLogEvents", on: `${group}:log-stream:eni-0123456789abcdef0-all` },
          { action: "logs:DescribeLogStreams", on: `${group}:*` },
        ],
        mayNot: [
          { action: "logs:PutLogEvents", on: `${controlPlane}:log-stream:audit` },
          { action: "logs:PutLogEvents", on: `${group.replace(scene.account, stranger)}:log-stream:eni-0123456789abcdef0-all` },
          { action: "logs:DeleteLogStream", on: `${group}:log-stream:eni-0123456789abcdef0-all` },
          { action: "logs:CreateLogGroup", on: scene.of("logs", "log-group:other") },
          { action: "logs:PutRetentionPolicy", on: group },
          { action: "logs:GetLogEvents", on: `${group}:log-stream:eni-0123456789abcdef0-all` },
        ],
      };
    },
  },
];
