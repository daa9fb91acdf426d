import { digits, textInput, type Registration } from "../resource-type";

/** How AWS names things: each value has the form of a real one, and none of them was ever given by AWS. */

/** Account of the simulated AWS. */
export const account = "999999999999";

/** Types that others refer to by name. */
export const clusterType = "aws:eks/cluster:Cluster";
export const bucketType = "aws:s3/bucket:Bucket";
export const roleType = "aws:iam/role:Role";
export const subnetType = "aws:ec2/subnet:Subnet";

/** `prefix-` and seventeen digits, as EC2 gives them. */
export const ec2Id = (prefix: string) => (resource: Registration) => `${prefix}-0${digits(16, resource.seed)}`;

export const arn = (service: string, region: string, path: string): string => `arn:aws:${service}:${region}:${account}:${path}`;

/** A resource of EC2, with an id and an ARN of its own. */
export const ec2 = (kind: string, prefix: string) => ({
  id: ec2Id(prefix),
  computed: (resource: Registration) => ({ arn: arn("ec2", resource.region, `${kind}/${ec2Id(prefix)(resource)}`) }),
});

/** A name that the provider makes where the program gives none: `logical-1234567`. */
export const autoNamed = (property: string, longest: number) => ({
  nameProperty: property,
  autoName: { separator: "-", digits: 7, longest },
  id: (resource: Registration): string => textInput(resource, property, `${resource.name}-${digits(7, resource.seed)}`),
});

/** Something whose id is made of what it joins. */
export const joined = (separator: string, ...properties: readonly string[]) => ({
  id: (resource: Registration): string => properties.map((property) => textInput(resource, property)).join(separator),
});
