import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";

export interface CertificateArgs {
  readonly domain: string;
  /** Route 53 zone that holds the domain. */
  readonly zoneId: pulumi.Output<string>;
  readonly tags: Tags;
}

/**
 * A certificate of ACM for one domain, proved by a record in its zone, which stays so that ACM can renew it. Returns its ARN, which is known only
 * when it was issued.
 */
export function issueCertificate(parent: pulumi.Resource, name: string, { domain, zoneId, tags }: CertificateArgs): pulumi.Output<string> {
  const certificate = new aws.acm.Certificate(
    `${name}-certificate`,
    { domainName: domain, validationMethod: "DNS", tags: { ...tags, Name: `${name}-certificate` } },
    { parent },
  );
  const asked = certificate.domainValidationOptions.apply(only);
  const record = new aws.route53.Record(
    `${name}-certificate-record`,
    {
      zoneId,
      name: asked.resourceRecordName,
      type: asked.resourceRecordType,
      records: [asked.resourceRecordValue],
      ttl: 300,
      // ACM asks for the same record for every certificate of a domain in one account, so that an earlier one may have left it.
      allowOverwrite: true,
    },
    { parent },
  );
  const validation = new aws.acm.CertificateValidation(
    `${name}-certificate-validation`,
    { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn] },
    // ACM takes minutes. A zone that nobody delegates to is found out here, and not after the provider's 75 minutes.
    { parent, customTimeouts: { create: "30m" } },
  );
  return validation.certificateArn;
}

/** One record, since the certificate has one name. */
function only<Option>([option]: readonly Option[]): Option {
  if (option === undefined) throw new Error("ACM named no record that would prove the domain");
  return option;
}
