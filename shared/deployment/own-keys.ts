import { partitionOfRegion } from '../core/partitions.ts';
import type { KeyUse } from '../core/stack-settings.ts';
import type { StackContext } from './names.ts';
import type { Grant } from './operation.ts';

/** The ARN of the key that the configuration names for this use; undefined where AWS's own key does. */
export const ownKeyOf = ({ cluster }: StackContext, use: KeyUse): string | undefined => cluster.stack?.keys?.[use];

/**
 * A service as KMS names who calls it (KMS Developer Guide, "kms:ViaService"), which documents `amazonaws.com` alone. Where
 * the partition has a domain of its own, nobody has seen which of the two KMS says: both name this one service.
 */
export const viaServicesOf = (service: string, region: string): string | readonly string[] => {
  const { dnsSuffix } = partitionOfRegion(region);
  const documented = `${service}.${region}.amazonaws.com`;
  return dnsSuffix === 'amazonaws.com' ? documented : [documented, `${service}.${region}.${dnsSuffix}`];
};

/** The service that asks KMS for its caller. Lambda uses a function's environment by a grant, which names no caller. */
const askedBy = { bucket: 's3', queues: 'sqs', topics: 'sns' } as const satisfies Partial<Record<KeyUse, string>>;

const sids = {
  bucket: 'UseTheKeyOfTheBucket',
  queues: 'UseTheKeyOfTheQueues',
  topics: 'EncryptForTopics',
} as const satisfies Record<keyof typeof askedBy, string>;

/**
 * What a role needs of the key for this use, through its service alone: the same key may guard other things of the account.
 * Nothing where there is no such key.
 */
export const keyGrants = (
  context: StackContext,
  use: keyof typeof askedBy,
  actions: readonly string[],
): readonly Grant[] => {
  const arn = ownKeyOf(context, use);
  if (arn === undefined) return [];
  const ViaService = viaServicesOf(askedBy[use], context.cluster.region);
  return [
    {
      sid: sids[use],
      actions,
      resources: [arn],
      condition: { StringEquals: { 'kms:ViaService': ViaService } },
    },
  ];
};

/**
 * Reading a function's environment under a key of the user's. Lambda gives the function's role a grant when the function is
 * made, which a role that is made anew loses; so the role may by itself, too.
 */
export const environmentGrants = (context: StackContext): readonly Grant[] => {
  const arn = ownKeyOf(context, 'environment');
  return arn === undefined ? [] : [{ sid: 'ReadTheEnvironment', actions: ['kms:Decrypt'], resources: [arn] }];
};
