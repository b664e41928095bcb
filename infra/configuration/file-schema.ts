import * as z from 'zod';
import { channelsSchema, contactSchema } from '../../shared/configuration/channels-schema.ts';
import { clusterFileShape } from '../../shared/configuration/cluster-schema.ts';
import { limitSchema, policyParts } from '../../shared/configuration/policy-schema.ts';
import {
  approvalSchema,
  clusterKeySchema,
  configurationSchema,
  modeSchema,
  principalSchema,
  scheduleSchema,
  windowSchema,
} from '../../shared/configuration/schema.ts';
import { reservedSchema, stackShapeOf } from '../../shared/configuration/stack-schema.ts';
import { flooredQuantities, limitedQuantities, scalingQuantities } from '../../shared/core/policy-quantities.ts';
import type { FunctionDefinition } from '../../shared/deployment/function-definition.ts';
import { functionDefinitions, modeKeysOf } from '../functions.ts';

/** One preset for each runbook (RUNBOOK section 7), in `presets/`. */
export const presetNames = ['msk-operations', 'daily-procedures', 'message-broker', 'performance-tuning'] as const;
export type PresetName = (typeof presetNames)[number];

/** The keys of mskeeper.yml that depend on which procedures there are. */
export type Vocabulary = {
  readonly scheduleKeys: readonly string[];
  /** Keys of `modes` and `approvals`. */
  readonly modeKeys: readonly string[];
  /** Functions, as `stack.reservedConcurrency` names them. */
  readonly functionSlugs: readonly string[];
};

export const vocabularyOf = (functions: readonly FunctionDefinition[]): Vocabulary => ({
  scheduleKeys: functions.flatMap(({ schedules }) => schedules.map(({ key }) => key)),
  modeKeys: modeKeysOf(functions),
  functionSlugs: functions.map(({ slug }) => slug),
});

const product = vocabularyOf(functionDefinitions);

/** A map that may hold each of the keys, and no other. */
const mapOf = <Schema extends z.ZodType>(keys: readonly string[], schema: Schema) =>
  z.strictObject(Object.fromEntries(keys.map((key) => [key, z.exactOptional(schema)])));

/** A preset file: a policy without its name, and when its runbook wants the schedules. */
export const presetSchema = z.strictObject({
  ...policyParts,
  storage: policyParts.storage.exactOptional(),
  mustTell: policyParts.mustTell.exactOptional(),
  cooldown: policyParts.cooldown.exactOptional(),
  partitions: policyParts.partitions.exactOptional(),
  anomaly: policyParts.anomaly.exactOptional(),
  schedules: mapOf(product.scheduleKeys, scheduleSchema).prefault({}),
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
  mustTell: policyParts.mustTell.exactOptional(),
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

const stackFileSchemaOf = ({ functionSlugs }: Pick<Vocabulary, 'functionSlugs'>) =>
  z
    .strictObject(stackShapeOf(mapOf(functionSlugs, reservedSchema)))
    .meta({ description: 'What the rules of your account ask of the stacks; a cluster’s own stack goes over it.' });

const clusterFileSchemaOf = (vocabulary: Pick<Vocabulary, 'functionSlugs'>) =>
  z.strictObject({ ...clusterFileShape, stack: stackFileSchemaOf(vocabulary).exactOptional() });
export const clusterFileSchema = clusterFileSchemaOf(product);
export type ClusterFile = z.infer<typeof clusterFileSchema>;

/** For editors alone: a wrong key must not keep zod from looking at the cluster under it, so `checkClusters` judges keys. */
const { $schema: _draft, ...clusterKeyRule } = z.toJSONSchema(clusterKeySchema);

const approval = approvalSchema.shape;
const approvalFileSchema = z.strictObject({
  isRequired: approval.isRequired.exactOptional(),
  timeoutMinutes: approval.timeoutMinutes.exactOptional(),
  validMinutes: approval.validMinutes.exactOptional(),
  mayInitiatorApprove: approval.mayInitiatorApprove.exactOptional(),
});

/** mskeeper.yml as its user writes it, where there are these procedures. */
export const fileSchemaOf = ({ scheduleKeys, modeKeys, functionSlugs }: Vocabulary) =>
  z
    .strictObject({
      version: z.literal(1),
      timeZone: z
        .string()
        .default('UTC')
        .meta({ description: 'Schedules run in it; a name of the IANA data base: Asia/Taipei, UTC.' }),
      policy: policyFileSchema.prefault({}),
      clusters: z
        .record(z.string(), clusterFileSchemaOf({ functionSlugs }))
        .refine((clusters) => Object.keys(clusters).length > 0, 'at least one cluster must be named')
        .meta({ minProperties: 1, propertyNames: clusterKeyRule }),
      modes: z.partialRecord(z.enum(modeKeys), modeSchema).prefault({}),
      approvals: z.partialRecord(z.enum(modeKeys), approvalFileSchema).prefault({}),
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
      schedules: mapOf(scheduleKeys, scheduleSchema).prefault({}),
      stack: stackFileSchemaOf({ functionSlugs }).exactOptional(),
    })
    .meta({ title: 'mskeeper.yml', description: 'The one file that a user of mskeeper edits.' });
export type FileSchema = ReturnType<typeof fileSchemaOf>;
export type ConfigurationFile = z.infer<FileSchema>;

/** The product's. */
export const fileSchema: FileSchema = fileSchemaOf(product);
