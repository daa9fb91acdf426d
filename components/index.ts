export { ObservabilityStack } from "./observability";
export { provisionPlatform } from "./platform";
export { placement, RocketChatApp } from "./rocketchat";
