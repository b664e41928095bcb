import * as z from 'zod';
import type { ApprovalPolicy, Configuration, TravellingConfiguration } from '../core/configuration.ts';
import { impacts, type MaintenanceWindow, weekdays } from '../core/maintenance-window.ts';
import { channelsSchema, contactSchema } from './channels-schema.ts';
import { brokerIdsSchema, clusterSchema } from './cluster-schema.ts';
import { policySchema } from './policy-schema.ts';
import { parameterName, wordsSchema } from './words.ts';

/** A key that becomes part of the names of functions, roles and alarms. */
export const clusterKeySchema = z
  .string()
  .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'lower-case words with hyphens')
  .max(24);

const named = { name: wordsSchema(100), impact: z.enum(impacts) };
const time = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day in UTC, quoted: "02:00"');
const instant = z.iso.datetime({ error: 'must be a moment in UTC: 2027-01-31T02:00:00Z' });
const on = z.enum(weekdays);

export const windowSchema = z.discriminatedUnion('every', [
  z.strictObject({ ...named, every: z.literal('day'), from: time, to: time }),
  z.strictObject({ ...named, every: z.literal('week'), on, from: time, to: time }),
  z.strictObject({
    ...named,
    every: z.literal('month'),
    nth: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5), z.literal('last')]),
    on,
    from: time,
    to: time,
  }),
  z.strictObject({
    ...named,
    every: z.literal('once'),
    from: instant,
    to: instant,
    brokers: brokerIdsSchema.min(1).meta({ description: 'Holds what these brokers show meanwhile.' }).exactOptional(),
    cluster: z.literal(true).meta({ description: 'Holds what the whole cluster shows meanwhile.' }).exactOptional(),
  }),
]) satisfies z.ZodType<MaintenanceWindow>;

/** A procedure's name, or a schedule's. */
export const slugSchema = z
  .string()
  .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'lower-case words with hyphens')
  .max(64);

export const modeSchema = z
  .enum(['off', 'plan', 'act'])
  .meta({ description: 'plan says what it would do; act does it.' });
export const scheduleSchema = z
  .string()
  .regex(
    /^(?:rate\(\d+ (?:minute|hour|day)s?\)|cron\([^()\s]+(?: [^()\s]+){5}\))$/,
    'must be rate(…) or cron(…) of AWS',
  );

export const approvalSchema = z
  .strictObject({
    isRequired: z.boolean(),
    timeoutMinutes: z
      .int()
      .min(5)
      .max(3 * 24 * 60),
    validMinutes: z
      .int()
      .min(5)
      .max(3 * 24 * 60),
    mayInitiatorApprove: z.boolean(),
  })
  .meta({
    description:
      'isRequired: an act waits for a person; timeoutMinutes without an answer is a no; a yes holds for validMinutes.',
  }) satisfies z.ZodType<ApprovalPolicy>;
/**
 * A user or a role, by name. Never everybody, and never an account's root, which stands for all whom that account lets: who
 * answers is held against this list.
 */
export const principalSchema = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:iam::\d{12}:(?:user|role)\/[\w+=,.@/-]{1,576}$/,
    'must be the ARN of an IAM user or role, arn:aws:iam::123456789012:role/on-call',
  );

/** mskeeper.yml, resolved. */
export const configurationSchema = z.strictObject({
  version: z.literal(1),
  timeZone: z.string(),
  policy: policySchema,
  clusters: z.record(clusterKeySchema, clusterSchema),
  modes: z.record(slugSchema, modeSchema),
  approvals: z.record(slugSchema, approvalSchema),
  approverPrincipals: z.array(principalSchema),
  killSwitch: z.strictObject({ parameter: parameterName }),
  actionBudget: z.strictObject({ actsPerHour: z.int().min(0).max(100) }),
  channels: channelsSchema,
  contacts: z.array(contactSchema),
  maintenanceWindows: z.array(windowSchema),
  schedules: z.record(slugSchema, scheduleSchema),
}) satisfies z.ZodType<Configuration>;

/** What travels with the bundles. */
export const travellingSchema = configurationSchema.omit({ channels: true }).extend({
  clusters: z.record(clusterKeySchema, clusterSchema.omit({ stack: true })),
}) satisfies z.ZodType<TravellingConfiguration>;
