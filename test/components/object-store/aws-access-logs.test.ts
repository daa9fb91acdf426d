import * as aws from "@pulumi/aws";
import { expect } from "chai";

import { regionsWithElbAccount } from "../../../components/object-store/aws-access-logs";
import { account } from "../../../simulator/aws";
import type { ResourceGraph } from "../../../simulator/graph";
import { functionTypes } from "../../../simulator/tables";
import { awsObjectStore } from "../../support/aws";
import { json, named, simulateComponent, waitedFor } from "../../support/simulated";

interface Statement {
  readonly Sid: string;
  readonly Principal: unknown;
}

/** What the policy of the bucket for access logs allows. */
function allowed(graph: ResourceGraph): Statement[] {
  const { Statement: statements } = json(named(graph, "store-access-logs-policy").inputs["policy"]) as { Statement: Statement[] };
  return statements.filter(({ Sid }) => Sid !== "TlsOnly");
}

describe("the bucket for access logs on AWS", () => {
  it("takes logs of this account's load balancers and of the stack's own buckets, each where it belongs, and nothing else", async () => {
    const graph = await simulateComponent(() => awsObjectStore());
    const arnOf = (kind: string): string => String(named(graph, `store-${kind}-bucket`).outputs["arn"]);
    const loadBalancers = { Effect: "Allow", Action: "s3:PutObject", Resource: `${arnOf("access-logs")}/alb/AWSLogs/${account}/*` };
    expect(allowed(graph)).to.deep.equal([
      { Sid: "LoadBalancers", ...loadBalancers, Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" } },
      { Sid: "LoadBalancersOfOlderRegions", ...loadBalancers, Principal: { AWS: "arn:aws:iam::054676820928:root" } },
      {
        Sid: "Buckets",
        Effect: "Allow",
        Principal: { Service: "logging.s3.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: `${arnOf("access-logs")}/s3/*`,
        Condition: {
          ArnLike: { "aws:SourceArn": ["uploads", "backups", "logs", "traces"].map(arnOf) },
          StringEquals: { "aws:SourceAccount": account },
        },
      },
    ]);
  });

  it("asks for the load balancers' own account only in regions that have one", async () => {
    const newer = "ap-southeast-5";
    const graph = await simulateComponent(() => awsObjectStore({ region: newer }), { region: newer });
    expect(allowed(graph).map(({ Sid }) => Sid)).to.deep.equal(["LoadBalancers", "Buckets"]);
    const ask = functionTypes.get("aws:elb/getServiceAccount:getServiceAccount");
    expect(() => ask?.({}, { region: newer })).to.throw(`unsupported AWS Region: ${newer}`);
    for (const region of regionsWithElbAccount) {
      expect(ask?.({ region }, { region: "eu-central-1" })["arn"], region).to.match(/^arn:aws:iam::\d{12}:root$/);
    }
  });

  it("asks for the account of the store's region, whatever the provider's is", async () => {
    const graph = await simulateComponent(() => awsObjectStore({ region: "us-east-1" }));
    expect(allowed(graph)[1]?.Principal).to.deep.equal({ AWS: "arn:aws:iam::127311923021:root" });
  });

  it("is ready for a load balancer once it has its policy", async () => {
    const graph = await simulateComponent(() => {
      const { ready } = awsObjectStore().accessLogs;
      new aws.s3.Bucket("alb", {}, { dependsOn: [...ready] });
    });
    expect(waitedFor(graph, named(graph, "alb"))).to.deep.equal(["store-access-logs-policy"]);
  });
});
