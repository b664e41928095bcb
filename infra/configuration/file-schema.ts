import * as z from 'zod';
import { clusterFileShape } from '../../shared/configuration/cluster-schema.ts';
import { limitSchema, policyParts } from '../../shared/configuration/policy-schema.ts';
import {
  approvalSchema,
  channelsSchema,
  clusterKeySchema,
  configurationSchema,
  contactSchema,
  modeSchema,
  principalSchema,
  scheduleSchema,
  windowSchema,
} from '../../shared/configuration/schema.ts';
import { actingProcedures } from '../../shared/core/configuration.ts';
import { flooredQuantities, limitedQuantities, scalingQuantities } from '../../shared/core/policy-quantities.ts';

/** One preset for each runbook (RUNBOOK section 7), in `presets/`. */
export const presetNames = ['msk-operations', 'daily-procedures', 'message-broker', 'performance-tuning'] as const;
export type PresetName = (typeof presetNames)[number];

const schedulesSchema = z.strictObject({
  'cluster-health-light': scheduleSchema.exactOptional(),
  'cluster-health-full': scheduleSchema.exactOptional(),
});

/** A preset file: a policy without its name, and when its runbook wants the schedules. */
export const presetSchema = z.strictObject({
  ...policyParts,
  storage: policyParts.storage.exactOptional(),
  cooldown: policyParts.cooldown.exactOptional(),
  partitions: policyParts.partitions.exactOptional(),
  anomaly: policyParts.anomaly.exactOptional(),
  schedules: schedulesSchema.prefault({}),
});
export type Preset = z.infer<typeof presetSchema>;

const override = z
  .union([limitSchema, z.literal('off')])
  .meta({ description: 'Replaces the preset’s levels one by one; off removes the rule.' });

const responseMinutes = policyParts.responseMinutes.shape;
const escalation = policyParts.escalation.shape;

const policyFileSchema = z.strictObject({
  preset: z.enum(presetNames).default('msk-operations'),
  brokerAnswerTimeoutMs: policyParts.brokerAnswerTimeoutMs.exactOptional(),
  limits: z.partialRecord(z.enum(limitedQuantities), override).prefault({}),
  floors: z.partialRecord(z.enum(flooredQuantities), override).prefault({}),
  scaling: z.partialRecord(z.enum(scalingQuantities), override).prefault({}),
  storage: policyParts.storage.exactOptional(),
  cooldown: policyParts.cooldown.exactOptional(),
  partitions: policyParts.partitions.exactOptional(),
  anomaly: policyParts.anomaly.exactOptional(),
  responseMinutes: z
    .strictObject({
      emergency: responseMinutes.emergency.exactOptional(),
      critical: responseMinutes.critical.exactOptional(),
      warning: responseMinutes.warning.exactOptional(),
      notice: responseMinutes.notice.exactOptional(),
    })
    .exactOptional(),
  escalation: z
    .strictObject({
      emergency: escalation.emergency.exactOptional(),
      critical: escalation.critical.exactOptional(),
      warning: escalation.warning.exactOptional(),
    })
    .exactOptional(),
});
export type PolicyFile = z.infer<typeof policyFileSchema>;

export const clusterFileSchema = z.strictObject(clusterFileShape);
export type ClusterFile = z.infer<typeof clusterFileSchema>;

/** For editors alone: a wrong key must not keep zod from looking at the cluster under it, so `checkClusters` judges keys. */
const { $schema: _draft, ...clusterKeyRule } = z.toJSONSchema(clusterKeySchema);

const approval = approvalSchema.shape;
const approvalFileSchema = z.strictObject({
  isRequired: approval.isRequired.exactOptional(),
  timeoutMinutes: approval.timeoutMinutes.exactOptional(),
  mayInitiatorApprove: approval.mayInitiatorApprove.exactOptional(),
});

/** mskeeper.yml as its user writes it. */
export const fileSchema = z
  .strictObject({
    version: z.literal(1),
    timeZone: z.string().default('UTC').meta({ description: 'Schedules run in it: Asia/Taipei, UTC.' }),
    policy: policyFileSchema.prefault({}),
    clusters: z
      .record(z.string(), clusterFileSchema)
      .refine((clusters) => Object.keys(clusters).length > 0, 'at least one cluster must be named')
      .meta({ minProperties: 1, propertyNames: clusterKeyRule }),
    modes: z.partialRecord(z.enum(actingProcedures), modeSchema).prefault({}),
    approvals: z.partialRecord(z.enum(actingProcedures), approvalFileSchema).prefault({}),
    approverPrincipals: z
      .array(principalSchema)
      .max(50)
      .meta({ description: 'Who may take the role that approves: ARNs of IAM users and roles.' })
      .default([]),
    killSwitch: configurationSchema.shape.killSwitch
      .meta({ description: 'Only while this SSM parameter says off may anything act.' })
      .prefault({ parameter: '/mskeeper/kill-switch' }),
    actionBudget: configurationSchema.shape.actionBudget
      .meta({ description: 'Acts of all procedures together, on one cluster.' })
      .prefault({ actsPerHour: 4 }),
    channels: channelsSchema.prefault({}),
    contacts: z.array(contactSchema).max(100).default([]),
    maintenanceWindows: z
      .array(windowSchema)
      .max(100)
      .meta({ description: 'Times are UTC; to before from runs past midnight.' })
      .default([]),
    schedules: schedulesSchema.prefault({}),
  })
  .meta({ title: 'mskeeper.yml', description: 'The one file that a user of mskeeper edits.' });
export type ConfigurationFile = z.infer<typeof fileSchema>;
