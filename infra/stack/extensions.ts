import { logGroupLogicalId, type StackContext } from '../../shared/deployment/names.ts';
import { ownKeyOf } from '../../shared/deployment/own-keys.ts';
import type { JsonObject } from '../../shared/deployment/template.ts';
import { listedTags } from './tags.ts';
import { encryptedBy } from './usual-bucket.ts';

/** What osls' own resources get over what it writes into the template, by their logical ids. */
export const extensionsOf = (
  context: StackContext,
  tags: Readonly<Record<string, string>>,
): Readonly<Record<string, { readonly Properties: JsonObject }>> => {
  const logs = ownKeyOf(context, 'logs');
  const deployment = ownKeyOf(context, 'deployment');
  const ofLogGroup: JsonObject = { Tags: listedTags(tags), ...(logs !== undefined && { KmsKeyId: logs }) };
  return {
    // Whoever may put an object there may change the code of the next deployment: no object of somebody else's account.
    ServerlessDeploymentBucket: {
      Properties: {
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        ...(deployment !== undefined && encryptedBy(deployment)),
      },
    },
    ...Object.fromEntries(context.functions.map(({ slug }) => [logGroupLogicalId(slug), { Properties: ofLogGroup }])),
  };
};

/**
 * osls' own settings of the bucket that it deploys from. Before the whole template osls makes the bucket alone, under S3's own
 * key, so each upload names the key by itself.
 */
export const deploymentBucketOf = (context: StackContext, tags: Readonly<Record<string, string>>): JsonObject => {
  const key = ownKeyOf(context, 'deployment');
  return {
    blockPublicAccess: true,
    versioning: true,
    tags,
    ...(key !== undefined && { serverSideEncryption: 'aws:kms', sseKMSKeyId: key }),
  };
};
