import * as pulumi from "@pulumi/pulumi";

/** What the cloud itself sees of a stack, and whom it tells. It keeps working when the cluster and everything in it is down. */
export abstract class CloudMonitoring extends pulumi.ComponentResource {
  /** Where the dashboard is that answers "is it healthy?" at a glance: an address for the browser. */
  abstract readonly dashboard: pulumi.Output<string>;

  /**
   * Watches the load balancer too, from when the chat is published: before, nobody answers behind it, and not every cloud has made it. To be
   * called once.
   *
   * @param address what the published service was given: known only when it is published
   */
  abstract watchLoadBalancer(address: pulumi.Output<string>): void;
}
