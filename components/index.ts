export { ObservabilityStack } from "./observability";
export { provisionPlatform } from "./platform";
export { placement, published, RocketChatApp } from "./rocketchat";
