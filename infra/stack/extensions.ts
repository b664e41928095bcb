import { logGroupLogicalId, type StackContext } from '../../shared/deployment/names.ts';
import { ownKeyOf } from '../../shared/deployment/own-keys.ts';
import type { JsonObject } from '../../shared/deployment/template.ts';

/** What osls' own resources get over what it writes into the template, by their logical ids. */
export const extensionsOf = (context: StackContext): Readonly<Record<string, { readonly Properties: JsonObject }>> => {
  const logs = ownKeyOf(context, 'logs');
  return {
    // Whoever may put an object there may change the code of the next deployment: no object of somebody else's account.
    ServerlessDeploymentBucket: {
      Properties: { OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] } },
    },
    ...(logs !== undefined &&
      Object.fromEntries(
        context.functions.map(({ slug }) => [logGroupLogicalId(slug), { Properties: { KmsKeyId: logs } }]),
      )),
  };
};
