import { isDeepStrictEqual } from 'node:util';
import type * as CloudFormation from '@aws-sdk/client-cloudformation';
import { AwsError, type Call, type OperationHandler } from '../../service.ts';
import { createStack } from '../../template/create-stack.ts';
import { isRecord } from '../../template/intrinsics.ts';
import type { AwsWorld } from '../../world.ts';
import type { S3 } from '../s3/s3.ts';
import { type StackStore, type StackTag, type StoredStack, tell } from './stack-store.ts';
import { readTemplateText, requireCapabilities, type TemplateInput } from './template-input.ts';

type ByName = { readonly StackName?: string | undefined };
type Change = TemplateInput & ByName & { readonly Tags?: readonly CloudFormation.Tag[] | undefined };

/** What the operations on stacks stand on. */
export type StackParts = {
  readonly world: AwsWorld;
  readonly store: StackStore;
  readonly s3: S3;
  readonly arnOf: (name: string) => string;
};

export const tagsOf = ({ Tags: tags = [] }: Pick<Change, 'Tags'>): readonly StackTag[] =>
  tags.map(({ Key = '', Value = '' }) => ({ Key, Value }));

/** The template of a request, which CloudFormation reads and judges before it does anything. */
export const templateOf = (input: TemplateInput, { caller }: Call, { world, s3 }: StackParts): string => {
  const text = readTemplateText(input, caller, {
    authorizeCaller: world.authorizeCaller,
    readObject: (bucket, key) => s3.read(bucket, key),
  });
  requireCapabilities(text, input);
  return text;
};

/** One operation on one stack, allowed by its ARN whatever its id. */
export const onStack = <Input extends ByName>(
  { arnOf }: Pick<StackParts, 'arnOf'>,
  action: string,
  run: (input: Input, call: Call) => unknown,
): OperationHandler<Input> => ({
  authorize: ({ StackName = '*' }) => [
    { action: `cloudformation:${action}`, resource: StackName.startsWith('arn:') ? StackName : arnOf(StackName) },
  ],
  run,
});

/** Makes what a template adds to a stack. What is there already stays as it is: the local world changes no resource in place. */
const bringTo = async (stack: StoredStack, text: string, tags: readonly StackTag[], { world }: StackParts) => {
  const isNew = stack.resources.size === 0;
  const now = () => new Date(world.clock.nowMs());
  const step = isNew ? 'CREATE' : 'UPDATE';
  tell(stack, now(), `${step}_IN_PROGRESS`);
  try {
    const { resources, outputs } = await createStack(world, JSON.parse(text), {
      stackName: stack.name,
      existing: stack.resources,
    });
    for (const [logicalId, { type }] of resources)
      if (!stack.resources.has(logicalId)) tell(stack, now(), 'CREATE_COMPLETE', { logicalId, type });
    Object.assign(stack, { resources, outputs, template: text, tags });
    tell(stack, now(), `${step}_COMPLETE`);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    tell(stack, now(), `${step}_FAILED`, { logicalId: 'Resource', type: 'AWS::CloudFormation::Resource', reason });
    tell(stack, now(), isNew ? 'ROLLBACK_COMPLETE' : 'UPDATE_ROLLBACK_COMPLETE');
  }
};

/** Logical ids that a template keeps when it is gone. */
const retainedBy = (template: string): ReadonlySet<string> => {
  const document: unknown = JSON.parse(template);
  const resources = isRecord(document) && isRecord(document.Resources) ? Object.entries(document.Resources) : [];
  return new Set(resources.flatMap(([id, one]) => (isRecord(one) && one.DeletionPolicy === 'Retain' ? [id] : [])));
};

/**
 * A stack with what a deletion can fail at: buckets, which S3 deletes only where they are empty. Everything else of it stays in
 * the local world, where nobody asks for it again.
 */
const remove = (stack: StoredStack, { world, store, s3 }: StackParts): void => {
  const now = new Date(world.clock.nowMs());
  const kept = retainedBy(stack.template);
  tell(stack, now, 'DELETE_IN_PROGRESS');
  for (const [logicalId, { type, ref }] of stack.resources) {
    if (type !== 'AWS::S3::Bucket' || kept.has(logicalId)) continue;
    if (
      s3
        .bucket(ref)
        .versions.values()
        .some((versions) => versions.length > 0)
    ) {
      const reason = 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.';
      tell(stack, now, 'DELETE_FAILED', { logicalId, type, reason });
      tell(stack, now, 'DELETE_FAILED');
      return;
    }
    s3.remove(ref);
  }
  store.remove(stack.name);
};

const describe = (stack: StoredStack): CloudFormation.Stack => ({
  StackName: stack.name,
  StackId: stack.arn,
  CreationTime: stack.madeAt,
  StackStatus: stack.status as CloudFormation.StackStatus,
  EnableTerminationProtection: stack.isProtected,
  Tags: [...stack.tags],
  Outputs: Object.entries(stack.outputs).map(([OutputKey, value]) => ({ OutputKey, OutputValue: String(value) })),
});

/** Operations by which a stack comes, changes and goes. Source: CloudFormation API Reference. */
export const stackOperations = (parts: StackParts): Readonly<Record<string, OperationHandler>> => {
  const { store } = parts;
  const resourcesOf = (stack: StoredStack) =>
    [...stack.resources].map(([LogicalResourceId, { type, ref }]) => ({
      LogicalResourceId,
      ResourceType: type,
      PhysicalResourceId: ref,
      ResourceStatus: 'CREATE_COMPLETE',
      LastUpdatedTimestamp: stack.madeAt,
      LastUpdatedTime: stack.madeAt,
    }));
  return {
    DescribeStacks: onStack(parts, 'DescribeStacks', ({ StackName }: ByName) => ({
      Stacks: (StackName === undefined ? store.all() : [store.find(StackName)]).map(describe),
    })),
    CreateStack: onStack(parts, 'CreateStack', async (input: Change, call) => {
      const { StackName = '' } = input;
      if (store.has(StackName))
        throw new AwsError('AlreadyExistsException', 400, `Stack [${StackName}] already exists`);
      const text = templateOf(input, call, parts);
      const stack = store.add(StackName);
      await bringTo(stack, text, tagsOf(input), parts);
      return { StackId: stack.arn };
    }),
    UpdateStack: onStack(parts, 'UpdateStack', async (input: Change, call) => {
      const stack = store.find(input.StackName ?? '');
      const text = templateOf(input, call, parts);
      if (
        isDeepStrictEqual(JSON.parse(text), JSON.parse(stack.template)) &&
        isDeepStrictEqual(tagsOf(input), stack.tags)
      )
        throw new AwsError('ValidationError', 400, 'No updates are to be performed.');
      await bringTo(stack, text, tagsOf(input), parts);
      return { StackId: stack.arn };
    }),
    DeleteStack: onStack(parts, 'DeleteStack', ({ StackName = '' }: ByName) => {
      if (!store.has(StackName)) return {};
      const stack = store.find(StackName);
      if (stack.isProtected)
        throw new AwsError(
          'ValidationError',
          400,
          `Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`,
        );
      remove(stack, parts);
      return {};
    }),
    DescribeStackEvents: onStack(parts, 'DescribeStackEvents', ({ StackName = '' }: ByName) => ({
      StackEvents: store.find(StackName).events.toReversed(),
    })),
    DescribeStackResource: onStack(
      parts,
      'DescribeStackResource',
      ({ StackName = '', LogicalResourceId = '' }: CloudFormation.DescribeStackResourceCommandInput) => {
        const found = resourcesOf(store.find(StackName)).find((one) => one.LogicalResourceId === LogicalResourceId);
        if (found === undefined)
          throw new AwsError(
            'ValidationError',
            400,
            `Resource ${LogicalResourceId} does not exist for stack ${StackName}`,
          );
        return { StackResourceDetail: { StackName, ...found } };
      },
    ),
    ListStackResources: onStack(parts, 'ListStackResources', ({ StackName = '' }: ByName) => ({
      StackResourceSummaries: resourcesOf(store.find(StackName)),
    })),
    ValidateTemplate: {
      authorize: () => [{ action: 'cloudformation:ValidateTemplate', resource: '*' }],
      run: (input: TemplateInput, call: Call) => {
        templateOf({ ...input, Capabilities: ['CAPABILITY_NAMED_IAM'] }, call, parts);
        return {};
      },
    },
    UpdateTerminationProtection: onStack(
      parts,
      'UpdateTerminationProtection',
      ({ StackName = '', EnableTerminationProtection }: CloudFormation.UpdateTerminationProtectionCommandInput) => {
        const stack = store.find(StackName);
        stack.isProtected = EnableTerminationProtection === true;
        return { StackId: stack.arn };
      },
    ),
  };
};
