import * as z from 'zod';
import type { Policy } from '../core/policy.ts';
import { flooredQuantities, limitedQuantities, scalingQuantities } from '../core/policy-quantities.ts';
import { endpointName } from './words.ts';

const minutes = z.number().positive().max(1440);
/** No quantity is larger: beyond it a number of YAML is a slip, and soon not that number any more. */
const mostOfAny = 1_000_000_000_000_000;
const threshold = z.number().min(0).max(mostOfAny);

/** Thresholds by severity; a `…ForMinutes` without its threshold means nothing and is refused. */
export const limitSchema = z
  .strictObject({
    notice: threshold.exactOptional(),
    noticeForMinutes: minutes.exactOptional(),
    warning: threshold.exactOptional(),
    warningForMinutes: minutes.exactOptional(),
    critical: threshold.exactOptional(),
    criticalForMinutes: minutes.exactOptional(),
    emergency: threshold.exactOptional(),
    emergencyForMinutes: minutes.exactOptional(),
  })
  .meta({ description: 'Thresholds by severity, and for how long each must be passed before it counts.' });

/** A month. */
const longestMinutes = 31 * 1440;

const rung = z
  .strictObject({
    afterMinutes: z.number().min(0).max(longestMinutes),
    raisesTo: z
      .enum(['critical', 'emergency'])
      .meta({ description: 'At least so severe from then on; its endpoints are paged, and its ladder goes on.' })
      .exactOptional(),
    level: z
      .enum(['management', 'executives'])
      .meta({ description: 'Calls the channels of the contacts of this level.' })
      .exactOptional(),
    endpoints: z
      .array(endpointName)
      .min(1)
      .max(20)
      .meta({ description: 'Names of channels.endpoints.' })
      .exactOptional(),
  })
  .refine(
    ({ raisesTo, level, endpoints }) => raisesTo !== undefined || level !== undefined || endpoints !== undefined,
    {
      error: 'calls nobody: must have raisesTo, level or endpoints',
      // What is wrong with a rung already may be the word that calls somebody.
      when: ({ issues }) => issues.length === 0,
    },
  );
const ladder = z.array(rung).max(20);

const positive = z.number().positive().max(mostOfAny);
const response = z.number().positive().max(longestMinutes);
const count = z.int().positive().max(1_000_000);

/** A first look that took all of its time leaves the second one twice this (cluster-health's `planLookTime`), and no more. */
const longestAnswerMs = 10_000;

/** Every part of a policy but its preset's name. A preset holds all of what its runbook names; an override, any of it. */
export const policyParts = {
  brokerAnswerTimeoutMs: z.int().min(100).max(longestAnswerMs).meta({
    description:
      'How long a broker may take to answer; a silent one is looked at again with twice the time, which must fit into the run, too.',
  }),
  limits: z.partialRecord(z.enum(limitedQuantities), limitSchema),
  floors: z.partialRecord(z.enum(flooredQuantities), limitSchema),
  scaling: z.partialRecord(z.enum(scalingQuantities), limitSchema),
  storage: z.strictObject({ stepGiB: z.int().min(1).max(16_384), maxVolumeGiB: z.int().min(1).max(16_384) }),
  mustTell: z.boolean().meta({
    description:
      'true: nothing is changed of which people could not be told just before. Left out, it is changed and told at once.',
  }),
  cooldown: z.strictObject({
    brokersSeconds: z
      .number()
      .positive()
      .max(longestMinutes * 60),
  }),
  partitions: z.strictObject({
    added: count.exactOptional(),
    addedAboveLagMessages: positive.exactOptional(),
    messagesPerSecondEach: positive.exactOptional(),
    minimum: count.exactOptional(),
    laggingTopicTotal: count.exactOptional(),
    isSizedByThroughput: z.boolean().exactOptional(),
  }),
  anomaly: z.strictObject({
    deviations: z.number().positive().max(100),
    windowHours: z.number().positive().max(8_760),
  }),
  responseMinutes: z.strictObject({ emergency: response, critical: response, warning: response, notice: response }),
  escalation: z.strictObject({ emergency: ladder, critical: ladder, warning: ladder }),
};

/** A policy with its preset merged in. */
export const policySchema = z.strictObject({
  preset: z.string(),
  ...policyParts,
  storage: policyParts.storage.exactOptional(),
  mustTell: policyParts.mustTell.exactOptional(),
  cooldown: policyParts.cooldown.exactOptional(),
  partitions: policyParts.partitions.exactOptional(),
  anomaly: policyParts.anomaly.exactOptional(),
}) satisfies z.ZodType<Policy>;
