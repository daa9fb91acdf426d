import { expect } from "chai";

import {
  decisionSeconds,
  drainSeconds,
  gracePeriodSeconds,
  probes,
  progressDeadlineSeconds,
  rolloutSeconds,
  timing,
} from "../../../components/rocketchat/timing";

/** How long a replica set needs to elect another primary: https://www.mongodb.com/docs/manual/core/replica-set-elections/ */
const electionSeconds = 12;

describe("the life of a pod of the chat, in time", () => {
  it("goes on while the load balancer still sends it anybody, and longer than that gives its last connections", () => {
    expect(drainSeconds).to.be.above(timing.deregistration);
    expect(drainSeconds).to.equal(45);
  });

  it("leaves the process time to end before it is killed", () => {
    expect(gracePeriodSeconds).to.be.above(drainSeconds + timing.shutdown);
    expect(gracePeriodSeconds).to.equal(75);
  });

  it("has half an hour to start, and its rollout longer", () => {
    const { periodSeconds, failureThreshold } = probes.startup;
    expect(periodSeconds * failureThreshold).to.equal(30 * 60);
    expect(progressDeadlineSeconds).to.be.above(decisionSeconds(probes.startup));
    expect(progressDeadlineSeconds).to.equal(2400);
  });

  it("is waited for until Kubernetes has decided, with time for every further pod", () => {
    expect(rolloutSeconds(5)).to.equal(3000);
    for (const pods of [1, 2, 5, 20]) {
      expect(rolloutSeconds(pods), String(pods)).to.be.above(progressDeadlineSeconds);
      expect(rolloutSeconds(pods + 1) - rolloutSeconds(pods), String(pods)).to.equal(timing.usualStart);
    }
  });

  it("counts as unready within 35 seconds, and not for an election of the database", () => {
    expect(decisionSeconds(probes.readiness)).to.equal(35);
    const { periodSeconds, failureThreshold } = probes.readiness;
    expect(periodSeconds * (failureThreshold - 1)).to.be.above(electionSeconds);
  });

  it("leaves the Service long before it would be restarted", () => {
    expect(decisionSeconds(probes.liveness)).to.be.above(decisionSeconds(probes.readiness));
    expect(decisionSeconds(probes.liveness)).to.equal(65);
  });

  it("asks each time for less than the time between two questions", () => {
    for (const [name, { periodSeconds, timeoutSeconds }] of Object.entries(probes)) expect(timeoutSeconds, name).to.be.below(periodSeconds);
  });
});
