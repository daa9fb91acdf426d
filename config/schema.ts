import type { z } from "zod";

import { awsSchema } from "./aws-schema";
import { azureSchema } from "./azure-schema";

/** Schema of a stack's configuration, by cloud. */
export const schemas = { aws: awsSchema, azure: azureSchema } as const;

export type Cloud = keyof typeof schemas;

/** Region and the configuration proper, as read from the stack's file, defaults filled in. */
export type AwsConfig = z.output<typeof awsSchema> & { readonly region: string };
export type AzureConfig = z.output<typeof azureSchema> & { readonly region: string };
export type StackConfig = AwsConfig | AzureConfig;
