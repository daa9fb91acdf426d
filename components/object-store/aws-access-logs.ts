import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";
import { createBucket, type BucketStatement, type SafeBucket } from "./aws-bucket";

export interface AccessLogsArgs {
  /** Buckets whose requests are logged here, by what they hold. */
  readonly sources: Readonly<Record<string, aws.s3.Bucket>>;
  /** How long a log is kept, in days. */
  readonly keepDays: number;
  readonly account: pulumi.Output<string>;
  readonly region: string;
  readonly protect: boolean;
  readonly tags: Tags;
}

/** Where a load balancer writes its access logs. */
export interface AccessLogs {
  readonly bucket: pulumi.Output<string>;
  /** Prefix under which the load balancer may write. */
  readonly prefix: string;
  /**
   * What must exist before a load balancer is told to log: it writes a test object at once, and where it may not there is no load balancer
   * (https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/1956).
   */
  readonly ready: readonly pulumi.Resource[];
}

/** How long a log that somebody deleted or replaced can be brought back: nothing but the lifecycle does that. */
const versionDays = 7;

const loadBalancerPrefix = "alb";
/** Each bucket's log gets a prefix of its own below it. */
export const bucketLogPrefix = "s3";

/**
 * Regions in which a load balancer may write its logs as an account of AWS's instead of as a service: those that opened before August 2022. The
 * provider knows the account in these and fails in every other:
 * https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/elb/service_account_data_source.go
 */
export const regionsWithElbAccount: readonly string[] = [
  "af-south-1",
  "ap-east-1",
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-northeast-3",
  "ap-south-1",
  "ap-southeast-1",
  "ap-southeast-2",
  "ap-southeast-3",
  "ca-central-1",
  "cn-north-1",
  "cn-northwest-1",
  "eu-central-1",
  "eu-north-1",
  "eu-south-1",
  "eu-west-1",
  "eu-west-2",
  "eu-west-3",
  "me-south-1",
  "sa-east-1",
  "us-east-1",
  "us-east-2",
  "us-gov-east-1",
  "us-gov-west-1",
  "us-west-1",
  "us-west-2",
];

/**
 * The bucket for access logs of the load balancer and of the other buckets. It is encrypted with S3's own keys, the only encryption that both
 * can write to:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html,
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html.
 * Its own requests are not logged: every log would be a request that makes another.
 */
export function createAccessLogs(parent: pulumi.Resource, name: string, args: AccessLogsArgs): SafeBucket & { readonly logs: AccessLogs } {
  const { keepDays, protect, tags } = args;
  const made = createBucket(parent, name, {
    versionDays,
    expireAfterDays: keepDays,
    allow: (arn) => [...loadBalancerStatements(parent, arn, args), bucketsStatement(arn, args)],
    protect,
    tags,
  });
  return { ...made, logs: { bucket: made.bucket.bucket, prefix: loadBalancerPrefix, ready: [made.policy] } };
}

/**
 * The load balancers of this account: a path holds the account that the log is about, so that nobody else's gets here. AWS does not say that the
 * service sends the keys which would tell more (`aws:SourceArn`), and a condition on a key that is missing refuses everything.
 */
function loadBalancerStatements(
  parent: pulumi.Resource,
  arn: pulumi.Output<string>,
  { account, region }: AccessLogsArgs,
): BucketStatement[] {
  const write = {
    Effect: "Allow",
    Action: "s3:PutObject",
    Resource: pulumi.interpolate`${arn}/${loadBalancerPrefix}/AWSLogs/${account}/*`,
  } as const;
  const service: BucketStatement = {
    Sid: "LoadBalancers",
    ...write,
    Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
  };
  if (!regionsWithElbAccount.includes(region)) return [service];
  const older = aws.elb.getServiceAccountOutput({ region }, { parent });
  return [service, { Sid: "LoadBalancersOfOlderRegions", ...write, Principal: { AWS: older.arn } }];
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html#grant-log-delivery-permissions-general */
function bucketsStatement(arn: pulumi.Output<string>, { sources, account }: AccessLogsArgs): BucketStatement {
  return {
    Sid: "Buckets",
    Effect: "Allow",
    Principal: { Service: "logging.s3.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: pulumi.interpolate`${arn}/${bucketLogPrefix}/*`,
    Condition: {
      ArnLike: { "aws:SourceArn": Object.values(sources).map((source) => source.arn) },
      StringEquals: { "aws:SourceAccount": account },
    },
  };
}
