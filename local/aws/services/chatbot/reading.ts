import * as z from 'zod';

/** What Amazon Q Developer makes of a message: text for the channel, or nothing, and why. */
export type Reading =
  | {
      readonly kind: 'custom' | 'alarm' | 'event';
      readonly title: string | undefined;
      readonly description: string;
      readonly nextSteps: readonly string[];
      readonly threadId: string | undefined;
    }
  | { readonly kind: 'dropped'; readonly why: string };

const texts = z.array(z.string());

/**
 * A custom notification. Source: Amazon Q Developer in chat applications, "Custom notifications", Event schema. No page gives
 * lengths: what is longer than these is dropped here, so that nothing relies on more.
 */
const custom = z.strictObject({
  version: z.literal('1.0'),
  source: z.literal('custom'),
  id: z.string().optional(),
  content: z.strictObject({
    textType: z.literal('client-markdown').optional(),
    title: z.string().max(250).optional(),
    description: z.string().min(1).max(8000),
    nextSteps: texts.max(10).optional(),
    keywords: texts.optional(),
  }),
  metadata: z
    .strictObject({
      threadId: z.string().optional(),
      summary: z.string().optional(),
      eventType: z.string().optional(),
      relatedResources: texts.optional(),
      additionalContext: z.record(z.string(), z.string()).optional(),
      enableCustomActions: z.boolean().optional(),
    })
    .optional(),
});

/** As CloudWatch sends it to a topic. */
const alarm = z.object({
  AlarmName: z.string(),
  AlarmArn: z.string(),
  NewStateValue: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
  NewStateReason: z.string(),
});

/** An event of a service of AWS's, as a rule of EventBridge sends it on. */
const event = z.object({
  source: z.string().startsWith('aws.'),
  'detail-type': z.string(),
  resources: texts,
  detail: z.unknown(),
});

const plain = { nextSteps: [], threadId: undefined } as const;

/** Reads what came by a topic. Source: the same guide, "Monitoring AWS services"; what is neither is dropped in silence. */
export function readChatMessage(message: string): Reading {
  let json: unknown;
  try {
    json = JSON.parse(message);
  } catch {
    return { kind: 'dropped', why: 'it is no JSON' };
  }
  const alarmed = alarm.safeParse(json);
  if (alarmed.success) {
    const { AlarmName, NewStateValue, NewStateReason } = alarmed.data;
    return { kind: 'alarm', title: `${NewStateValue}: "${AlarmName}"`, description: NewStateReason, ...plain };
  }
  const happened = event.safeParse(json);
  if (happened.success) {
    const { source, resources } = happened.data;
    const description = [source, ...resources].join(' ');
    return { kind: 'event', title: happened.data['detail-type'], description, ...plain };
  }
  const written = custom.safeParse(json);
  if (!written.success) {
    const places = written.error.issues.map(({ path, message: reason }) => `${path.join('.')}: ${reason}`);
    return { kind: 'dropped', why: `it is no event of AWS and no custom notification: ${places.join('; ')}` };
  }
  const { content, metadata } = written.data;
  return {
    kind: 'custom',
    title: content.title,
    description: content.description,
    nextSteps: content.nextSteps ?? [],
    threadId: metadata?.threadId,
  };
}
