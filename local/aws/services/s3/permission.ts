import { z } from 'zod';
import type { Permission } from '../../service.ts';

const encryptionSchema = z.object({
  ServerSideEncryptionConfiguration: z.array(
    z.object({ ServerSideEncryptionByDefault: z.object({ KMSMasterKeyID: z.string().optional() }) }),
  ),
});

/** What a request names. */
export type OfObject = {
  readonly Bucket: string;
  readonly Key: string;
  readonly VersionId?: string;
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly ObjectLockMode?: string | undefined;
  readonly ObjectLockRetainUntilDate?: Date | undefined;
};

const dayMs = 24 * 60 * 60 * 1_000;

/** What policies judge a lock by. S3 does not say how it counts a day that has begun: here it counts. */
const lockContext = (mode: string | undefined, until: Date | undefined, nowMs: number) => ({
  ...(mode !== undefined && { 's3:object-lock-mode': mode }),
  ...(until !== undefined && {
    's3:object-lock-retain-until-date': until.toISOString(),
    's3:object-lock-remaining-retention-days': String(Math.ceil((until.getTime() - nowMs) / dayMs)),
  }),
});

/** A write with a lock needs this, too (S3 API Reference, PutObject). */
export const permissionOnLock = (
  input: OfObject,
  mode: string | undefined,
  until: Date | undefined,
  nowMs: number,
): Permission => ({
  action: 's3:PutObjectRetention',
  resource: `arn:aws:s3:::${input.Bucket}/${input.Key}`,
  context: lockContext(mode, until, nowMs),
});

/**
 * What a request needs on its object, with the keys by which policies judge it.
 * Source: Service Authorization Reference, Amazon S3; S3 User Guide, "Enforce conditional writes".
 *
 * @param createsObject whether the request makes the object: the parts of an upload do not, its end does
 */
export const permissionOnObject = (permission: string, input: OfObject, createsObject = true): Permission => ({
  action: `s3:${permission}`,
  resource: `arn:aws:s3:::${input.Bucket}/${input.Key}`,
  ...(permission === 'PutObject' && {
    context: {
      's3:ObjectCreationOperation': String(createsObject),
      ...(input.IfMatch !== undefined && { 's3:if-match': input.IfMatch }),
      ...(input.IfNoneMatch !== undefined && { 's3:if-none-match': input.IfNoneMatch }),
      ...(input.ObjectLockMode !== undefined && { 's3:object-lock-mode': input.ObjectLockMode }),
    },
  }),
});

/**
 * What a request needs of the key of the user's that encrypts its bucket. The key's own policy is not in the template: it is
 * taken to leave the word to the account's policies. Source: S3 User Guide, "Using server-side encryption with AWS KMS keys".
 */
export const permissionOnKey = (
  permission: string,
  keyArn: string | undefined,
  region: string,
): readonly Permission[] => {
  const action = { GetObject: 'kms:Decrypt', PutObject: 'kms:GenerateDataKey' }[permission];
  if (keyArn === undefined || action === undefined) return [];
  return [{ action, resource: keyArn, context: { 'kms:ViaService': `s3.${region}.amazonaws.com` } }];
};

/** The key that a bucket of a template names; S3's own needs nobody's permission. */
export const keyArnIn = (properties: Readonly<Record<string, unknown>>): string | undefined => {
  const parsed = encryptionSchema.safeParse(properties.BucketEncryption);
  return parsed.data?.ServerSideEncryptionConfiguration[0]?.ServerSideEncryptionByDefault.KMSMasterKeyID;
};
