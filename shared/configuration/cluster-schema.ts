import * as z from 'zod';
import type { Authentication, ClusterConfiguration } from '../core/configuration.ts';
import { stackSchema } from './stack-schema.ts';
import { anyNameSchema } from './words.ts';

const clusterArnPattern =
  /^arn:aws[a-z-]{0,20}:kafka:(?<region>[a-z]{2,4}(?:-[a-z]+)+-\d):(?<accountId>\d{12}):cluster\/(?<name>[A-Za-z0-9-]{1,64})\/[a-z0-9-]+$/;

/** What an MSK cluster's ARN says, or undefined where the text is none. */
export const parseClusterArn = (arn: string): { region: string; accountId: string; name: string } | undefined => {
  const { region, accountId, name } = clusterArnPattern.exec(arn)?.groups ?? {};
  return region === undefined || accountId === undefined || name === undefined
    ? undefined
    : { region, accountId, name };
};

/**
 * A name tells itself from a password by its slash, its ARN, or the prefix that MSK demands of SCRAM secrets; a bare word
 * is refused, since it may be the secret itself.
 */
export const secretIdSchema = z
  .string()
  .max(2048)
  .regex(
    /^(?:arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+|AmazonMSK_[\w+=.@-]+|[\w+=.@-]+(?:\/[\w+=.@-]+)+)$/,
    'must be the ARN of a secret, or its name: with a slash (mskeeper/orders), or beginning with AmazonMSK_',
  )
  .meta({ description: 'Name or ARN of a secret in Secrets Manager, never its value.' });

const authenticationSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('iam') }),
  z.strictObject({ kind: z.literal('scram'), secretId: secretIdSchema }),
  z.strictObject({ kind: z.literal('mtls'), secretId: secretIdSchema }),
  z.strictObject({ kind: z.literal('tls') }),
  z.strictObject({ kind: z.literal('plaintext') }),
]) satisfies z.ZodType<Authentication>;

/** Kafka's own rule for names, plus `*` and `?`. */
const topicName = z.string().regex(/^[A-Za-z0-9._-]{1,249}$/, 'a topic name has only letters, digits, ".", "_", "-"');
const pattern = anyNameSchema(249);
const patterns = z.array(pattern).max(100).meta({ description: 'Names; * stands for anything, ? for one character.' });

/** MSK takes no more in one cluster. */
export const mostBrokers = 90;

/** Kafka's node ids are 32 bits wide. */
export const brokerIdsSchema = z.array(z.int().min(1).max(2_147_483_647)).max(mostBrokers);

export const clusterFileShape = {
  arn: z
    .string()
    .regex(clusterArnPattern, 'not the ARN of an MSK cluster (arn:aws:kafka:<region>:<account>:cluster/…)'),
  region: z.string().regex(/^[a-z]{2,4}(?:-[a-z]+)+-\d$/, 'not the name of a Region'),
  role: z
    .enum(['primary', 'backup'])
    .meta({ description: 'A backup receives what a replicator copies from its primary.' }),
  backupOf: z.string().meta({ description: 'The primary’s key; needless where there is one primary.' }).exactOptional(),
  brokerCount: z
    .int()
    .min(1)
    .max(mostBrokers)
    .meta({ description: 'How many brokers there are; left out for Serverless.' })
    .exactOptional(),
  brokerIds: brokerIdsSchema
    .min(1)
    .meta({
      description:
        'The brokers’ ids where they do not run from 1 to brokerCount: removing brokers leaves gaps (aws kafka list-nodes tells them).',
    })
    .exactOptional(),
  brokerKind: z.enum(['standard', 'express', 'serverless']).default('standard'),
  metadataMode: z.enum(['kraft', 'zookeeper']).default('kraft'),
  zoneCount: z.int().min(1).max(6).exactOptional(),
  monitoringLevel: z
    .enum(['DEFAULT', 'PER_BROKER', 'PER_TOPIC_PER_BROKER', 'PER_TOPIC_PER_PARTITION'])
    .default('DEFAULT'),
  authentication: authenticationSchema,
  bootstrap: z
    .string()
    .regex(/^[A-Za-z0-9.-]+:\d{1,5}(?:,[A-Za-z0-9.-]+:\d{1,5})*$/, 'must be host:port, several with commas')
    .meta({
      description:
        'Instead of what the MSK API says: host:port,host:port. Brokers may advertise these hosts, and others of their domain.',
    })
    .exactOptional(),
  network: z.strictObject({
    subnetIds: z
      .array(z.string().regex(/^subnet-[0-9a-f]{8,17}$/, 'not a subnet id'))
      .min(1)
      .max(16),
    securityGroupIds: z
      .array(z.string().regex(/^sg-[0-9a-f]{8,17}$/, 'not a security group id'))
      .min(1)
      .max(5),
  }),
  topics: z
    .strictObject({
      critical: z
        .array(z.strictObject({ name: topicName, replicationFactor: z.int().min(1).max(15) }))
        .max(1000)
        .default([]),
      watch: patterns
        .meta({
          description:
            'Topics whose growth may be judged as dead letters. A partition without a leader is told of any topic.',
        })
        .default(['*']),
      ignore: patterns.meta({ description: 'Left out of what watch names.' }).default([]),
      deadLetter: patterns.meta({ description: 'Topics whose growth is a finding.' }).default([]),
      flowing: z
        .array(z.strictObject({ name: topicName, minMessagesPerMinute: z.number().positive().max(1_000_000_000_000) }))
        .max(1000)
        .meta({ description: 'Topics that must not fall silent.' })
        .default([]),
    })
    .prefault({}),
  groups: z
    .strictObject({
      watch: patterns
        .meta({
          description: 'Groups that are counted. Those named without wildcards get lag alarms on the critical topics.',
        })
        .default(['*']),
      ignore: patterns.meta({ description: 'Left out of what watch names.' }).default([]),
    })
    .prefault({}),
  endpoints: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'lower-case words with hyphens'),
        url: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).max(2048),
        kind: z.enum(['application', 'schema-registry']),
      }),
    )
    .max(50)
    .default([]),
};

/** One cluster, resolved: the ARN's parts beside it. */
export const clusterSchema = z.strictObject({
  ...clusterFileShape,
  name: z.string(),
  accountId: z.string(),
  brokerCount: z.int().min(0).max(mostBrokers),
  brokerIds: brokerIdsSchema,
  stack: stackSchema.exactOptional(),
}) satisfies z.ZodType<ClusterConfiguration>;
