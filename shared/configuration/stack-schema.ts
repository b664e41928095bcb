import * as z from 'zod';
import {
  type keyUses,
  logRetentionDays,
  mostOwnTags,
  mostRetentionDays,
  retentionModes,
  type StackSettings,
} from '../core/stack-settings.ts';

/** A policy of the account's own, or one that AWS manages: IAM takes both for a boundary. */
const boundarySchema = z
  .string()
  .max(2_048)
  .regex(
    /^arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy\/[\w+=,.@/-]{1,640}$/,
    'must be the ARN of a managed policy, arn:aws:iam::123456789012:policy/boundary',
  )
  .meta({ description: 'Bounds every role of the stack: a policy’s ARN.' });

/** An alias may be pointed elsewhere, and CloudWatch Logs takes none. */
const keySchema = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:kms:[a-z]{2,4}(?:-[a-z]+)+-\d:\d{12}:key\/(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/,
    'must be the ARN of a key, arn:aws:kms:eu-west-1:123456789012:key/…, and of no alias',
  );
const key = keySchema.exactOptional();

/** One role, never an account or a session: what `aws:PrincipalArn` says of whoever took it. */
const roleSchema = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/,
    'must be the ARN of a role, arn:aws:iam::123456789012:role/break-glass',
  );

/** S3 User Guide, "General purpose bucket naming rules". */
const bucketNameSchema = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
    'must be the name of a bucket: 3 to 63 small letters, digits and hyphens',
  );

/**
 * What every service of the stack takes: Tagging guide, "Tag naming limits and requirements"; of keys osls takes ASCII and no @,
 * of values CloudFormation and Scheduler none that is empty. To IAM keys that differ in case alone are one.
 */
const tagsSchema = z
  .record(
    z
      .string()
      .regex(
        /^(?!aws:|mskeeper:)[\w./=+: -]{1,128}$/i,
        'must be a tag’s key: 1 to 128 letters, digits, spaces and _ . : / = + -, and not begin with aws: or mskeeper:',
      ),
    z
      .string()
      .regex(
        /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u,
        'must be a tag’s value: 1 to 256 letters, digits, spaces and _ . : / = + - @',
      ),
  )
  .refine(
    (tags) => Object.keys(tags).length <= mostOwnTags,
    `must be ${mostOwnTags} tags at most: AWS takes 50, and three are taken`,
  )
  .meta({ description: 'On everything of the stack that can be tagged.', maxProperties: mostOwnTags });

/** Lambda takes 0, too, which stops a function for good. */
export const reservedSchema = z
  .int()
  .min(1)
  .max(1_000)
  .meta({ description: 'Executions at once that are kept free for this function.' });

/** A stack's settings, of functions with these names. */
export const stackShapeOf = <Reserved extends z.ZodType>(reservedConcurrency: Reserved) => ({
  permissionsBoundary: boundarySchema.exactOptional(),
  tags: tagsSchema.exactOptional(),
  logRetentionDays: z.literal(logRetentionDays).meta({ description: 'As CloudWatch takes them.' }).exactOptional(),
  keys: z
    .strictObject({
      logs: key,
      queues: key,
      bucket: key,
      topics: key,
      environment: key,
      deployment: key,
    } satisfies Record<(typeof keyUses)[number], typeof key>)
    .meta({ description: 'ARNs of your own keys; what their policies must let in stands in docs/deploy.md.' })
    .exactOptional(),
  reservedConcurrency: z.exactOptional(reservedConcurrency),
  accessLog: z
    .union([z.literal('own'), z.strictObject({ bucket: bucketNameSchema })])
    .meta({ description: 'Where S3 writes who asked what of the audit’s bucket: own makes a bucket for it.' })
    .exactOptional(),
  terminationProtection: z
    .boolean()
    .meta({ description: 'npm run deploy turns it on; turning it off again is left to people.' })
    .exactOptional(),
  auditRetention: z
    .strictObject({ mode: z.enum(retentionModes), days: z.int().min(1).max(mostRetentionDays) })
    .meta({
      description:
        'S3 keeps each version of the audit’s records from deletion for so many days; it cannot be taken back.',
    })
    .exactOptional(),
  breakGlassRole: roleSchema
    .meta({ description: 'The role that may mend what lies in the bucket by hand; left out, nobody may.' })
    .exactOptional(),
  deploymentRole: roleSchema
    .meta({
      description:
        'The role by which services deploy, where the first of them is not CloudFormation; it changes nothing by calls of its own.',
    })
    .exactOptional(),
});

/** As it stands in a resolved configuration. */
export const stackSchema = z.strictObject(
  stackShapeOf(z.record(z.string(), reservedSchema)),
) satisfies z.ZodType<StackSettings>;
