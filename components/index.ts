export { Cluster } from "./cluster";
export { Network } from "./network";
export { ObjectStore } from "./object-store";
export { ObservabilityStack } from "./observability";
export { provisionPlatform, type Platform } from "./platform";
export { placement, RocketChatApp } from "./rocketchat";
