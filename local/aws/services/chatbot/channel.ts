import * as z from 'zod';

const arn = z
  .string()
  .regex(/^arn:aws[a-zA-Z-]*:/)
  .max(1224);

/**
 * AWS::Chatbot::SlackChannelConfiguration: names and limits of its resource schema, and of CreateSlackChannelConfiguration in
 * the chatbot API's model, the narrower of both.
 */
export const channelProperties = z.strictObject({
  ConfigurationName: z.string().regex(/^[A-Za-z0-9-_]{1,128}$/),
  SlackWorkspaceId: z.string().regex(/^[0-9A-Z]{1,255}$/),
  SlackChannelId: z.string().regex(/^[A-Za-z0-9]{1,255}$/),
  IamRoleArn: arn,
  SnsTopicArns: z.array(arn).default([]),
  LoggingLevel: z.enum(['ERROR', 'INFO', 'NONE']).default('NONE'),
  GuardrailPolicies: z
    .array(
      z
        .string()
        .regex(/^arn:aws[a-zA-Z-]*:iam:/)
        .max(1163),
    )
    .optional(),
  UserRoleRequired: z.union([z.boolean(), z.stringbool()]).default(false),
  CustomizationResourceArns: z.array(arn).optional(),
  Tags: z.array(z.unknown()).optional(),
});

export type Channel = {
  readonly accountId: string;
  readonly configurationName: string;
  readonly workspaceId: string;
  readonly channelId: string;
  readonly topicArns: readonly string[];
};
