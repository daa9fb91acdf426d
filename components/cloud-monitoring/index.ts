import * as pulumi from "@pulumi/pulumi";

/** What the cloud itself sees of a stack, and whom it tells. It keeps working when the cluster and everything in it is down. */
export abstract class CloudMonitoring extends pulumi.ComponentResource {
  /** Where the dashboard is that answers "is it healthy?" at a glance: an address for the browser. */
  abstract readonly dashboard: pulumi.Output<string>;

  /**
   * Watches the load balancer too, which not every cloud makes before the chat is published. To be called once: the dashboard shows everything
   * that is watched, so it is made here.
   *
   * @param address what the published service was given: known only when the load balancer exists
   */
  abstract watchLoadBalancer(address: pulumi.Output<string>): void;
}
