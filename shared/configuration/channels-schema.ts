import * as z from 'zod';
import type { Channels, Contact, Kept, notificationTopics } from '../core/configuration.ts';
import { secretIdSchema } from './cluster-schema.ts';
import { endpointName, parameterName, wordsSchema } from './words.ts';

const kept = { parameter: parameterName.exactOptional(), secret: secretIdSchema.exactOptional() };

type Named = { readonly parameter?: string; readonly secret?: string };

const keptIn = ({ parameter, secret }: Named, context: z.core.$RefinementCtx): Kept => {
  if (secret !== undefined && parameter === undefined) return { secret };
  if (parameter !== undefined && secret === undefined) return { parameter };
  context.addIssue({
    code: 'custom',
    message: 'must say where it is kept: a parameter or a secret, by name, and one of them',
  });
  return z.NEVER;
};

/** For editors, which know nothing of what a transform refuses. */
const oneOfBoth = { anyOf: [{ required: ['parameter'] }, { required: ['secret'] }] };

const channelId = z
  .string()
  .regex(
    /^[CG][A-Z0-9]{8,}$/,
    'must be the id of a Slack channel (C0123456789), as the channel’s details show it, and not its name',
  )
  .max(255);
const workspaceId = z
  .string()
  .regex(/^T[A-Z0-9]{8,}$/, 'must be the id of a Slack workspace (T0123456789), as the console of Amazon Q shows it')
  .max(255);

const pager = z
  .strictObject({ kind: z.enum(['pagerduty', 'phone']), ...kept })
  .transform(({ kind, ...named }, context) => ({ kind, ...keptIn(named, context) }))
  .meta({ ...oneOfBoth, description: 'Kept is JSON: {"routingKey", "region"?, "rest"?}, as docs/deploy.md says.' });

const slack = z
  .strictObject({ kind: z.literal('slack'), channel: channelId, ...kept })
  .transform(({ kind, channel, ...named }, context) => ({ kind, channel, ...keptIn(named, context) }))
  .meta({ ...oneOfBoth, description: 'Kept is JSON: {"botToken"}.' });

const amazonQ = z.strictObject({ kind: z.literal('amazon-q'), workspace: workspaceId, channel: channelId }).meta({
  description: 'A Slack channel through Amazon Q Developer, where no token may be had: it proves no delivery.',
});

const bySns = z
  .strictObject({ kind: z.enum(['sms', 'email', 'https']), ...kept })
  .transform(({ kind, ...named }, context) => ({ kind, ...keptIn(named, context) }))
  .meta({ ...oneOfBoth, description: 'Kept is the address itself, which CloudFormation reads when it deploys.' });

const endpointNames = z.array(endpointName).max(20).default([]);

export const channelsSchema = z.strictObject({
  endpoints: z.record(endpointName, z.discriminatedUnion('kind', [pager, slack, amazonQ, bySns])).prefault({}),
  byTopic: z
    .strictObject({
      emergency: endpointNames,
      critical: endpointNames,
      warning: endpointNames,
      maintenance: endpointNames,
      operations: endpointNames.meta({
        description: 'Acts, plans, requests and reports without an incident; left out, they go by severity.',
      }),
    } satisfies Record<(typeof notificationTopics)[number], z.ZodType>)
    .prefault({}),
  heartbeat: z
    .strictObject({ parameter: parameterName })
    .meta({ description: 'Where the https address of a watcher outside of AWS is kept.' })
    .exactOptional(),
}) satisfies z.ZodType<Channels>;

export const contactSchema = z.strictObject({
  role: wordsSchema(100),
  level: z.enum(['on-call', 'management', 'executives', 'vendor']),
  channel: endpointName,
}) satisfies z.ZodType<Contact>;
