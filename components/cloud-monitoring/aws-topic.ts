import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { alertSenders } from "../encryption/aws";
import type { Tags } from "../tags";

export interface TopicArgs {
  readonly alertsKeyArn: pulumi.Input<string>;
  readonly email: string;
  readonly tags: Tags;
}

/**
 * The topic that alarms go to, encrypted with the stack's own key, open to AWS's senders on behalf of this account and to nobody without TLS.
 * The mail subscription waits until the link that AWS mails has been followed: https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html
 */
export function createTopic(
  parent: pulumi.Resource,
  name: string,
  { alertsKeyArn, email, tags }: TopicArgs,
): { arn: pulumi.Output<string>; ready: pulumi.Resource[] } {
  const topic = new aws.sns.Topic(
    `${name}-alerts`,
    {
      // The sender's name of the mails.
      displayName: `${tags["project"] ?? name} ${tags["stack"] ?? ""}`.trim(),
      kmsMasterKeyId: alertsKeyArn,
      tags: { ...tags, Name: `${name}-alerts` },
    },
    { parent },
  );
  const { accountId } = aws.getCallerIdentityOutput({}, { parent });
  const policy = new aws.sns.TopicPolicy(
    `${name}-alerts-policy`,
    {
      arn: topic.arn,
      policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "Senders",
            Effect: "Allow",
            Principal: { Service: alertSenders },
            Action: "sns:Publish",
            Resource: topic.arn,
            Condition: { StringEquals: { "aws:SourceAccount": accountId } },
          },
          {
            Sid: "TlsOnly",
            Effect: "Deny",
            Principal: "*",
            Action: "sns:Publish",
            Resource: topic.arn,
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      }),
    },
    { parent },
  );
  new aws.sns.TopicSubscription(`${name}-alerts-mail`, { topic: topic.arn, protocol: "email", endpoint: email }, { parent });
  return { arn: topic.arn, ready: [policy] };
}
