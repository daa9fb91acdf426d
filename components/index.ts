export { CertManager } from "./cert-manager";
export { collector, ObservabilityStack } from "./observability";
export { provisionPlatform } from "./platform";
export { grantIdentities, published, RocketChatApp } from "./rocketchat";
