import type { Permission } from '../../service.ts';

/** What a request names. */
export type OfObject = {
  readonly Bucket: string;
  readonly Key: string;
  readonly VersionId?: string;
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
};

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
    },
  }),
});
