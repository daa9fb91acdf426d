import { keepsObjects } from "./bucket";
import { podsOf, type RoleTable } from "./table";

/** Rocket.Chat keeps its uploads. */
export const chat: readonly RoleTable[] = [
  {
    role: "cluster-chat-role",
    assumed: podsOf("rocketchat", "rocketchat"),
    calls: (scene, arn) => {
      const uploads = scene.arn("store-uploads-bucket");
      return keepsObjects(scene, arn, uploads, `${uploads}/uploads/file`);
    },
  },
];
