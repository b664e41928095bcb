import { isDeepStrictEqual } from 'node:util';
import type * as CloudFormation from '@aws-sdk/client-cloudformation';
import { AwsError, type OperationHandler } from '../../service.ts';
import { differencesOf } from './differences.ts';
import { onStack, type StackParts, tagsOf, templateOf } from './stack-operations.ts';

type ChangeSet = {
  readonly name: string;
  readonly stackName: string;
  readonly changes: readonly CloudFormation.ResourceChange[];
  /** Asked for once more before it is there, as one that CloudFormation still makes. */
  isMade: boolean;
};

/** Small, so that whoever reads a change set must turn its pages. */
const pageSize = 20;

type Named = { readonly StackName?: string | undefined; readonly ChangeSetName?: string | undefined };

/** Change sets of stacks that are there: what would change, which is never done here. Source: CloudFormation API Reference. */
export const changeSetOperations = (parts: StackParts) => {
  const { store, world } = parts;
  const sets = new Map<string, ChangeSet>();
  const keyOf = ({ StackName = '', ChangeSetName = '' }: Named): string => `${StackName}/${ChangeSetName}`;
  const find = (named: Named): ChangeSet => {
    const found = sets.get(keyOf(named));
    if (found !== undefined) return found;
    throw new AwsError('ChangeSetNotFoundException', 404, `ChangeSet [${named.ChangeSetName}] does not exist`);
  };
  const operations: Readonly<Record<string, OperationHandler>> = {
    CreateChangeSet: onStack(
      parts,
      'CreateChangeSet',
      (input: CloudFormation.CreateChangeSetCommandInput & { readonly StackName: string }, call) => {
        const stack = store.find(input.StackName);
        const { ChangeSetName: name = '' } = input;
        if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name))
          throw new AwsError('ValidationError', 400, `'${name}' failed to satisfy constraint: [a-zA-Z][-a-zA-Z0-9]*`);
        if (sets.has(keyOf(input)))
          throw new AwsError(
            'AlreadyExistsException',
            409,
            `ChangeSet ${name} cannot be created due to a name conflict`,
          );
        const text = templateOf(input, call, parts);
        const ofTags = isDeepStrictEqual(tagsOf(input), stack.tags) ? [] : tagChanges(stack.template);
        const changes = [...differencesOf(stack.template, text), ...ofTags];
        sets.set(keyOf(input), { name, stackName: stack.name, changes, isMade: false });
        return { Id: `${stack.arn}/${name}`, StackId: stack.arn };
      },
    ),
    DescribeChangeSet: onStack(
      parts,
      'DescribeChangeSet',
      (input: CloudFormation.DescribeChangeSetCommandInput & { readonly StackName: string }) => {
        const set = find(input);
        const head = {
          ChangeSetName: set.name,
          StackName: set.stackName,
          CreationTime: new Date(world.clock.nowMs()),
        };
        if (!set.isMade) {
          set.isMade = true;
          return { ...head, Status: 'CREATE_IN_PROGRESS', Changes: [] };
        }
        if (set.changes.length === 0)
          return {
            ...head,
            Status: 'FAILED',
            StatusReason:
              "The submitted information didn't contain changes. Submit different information to create a change set.",
            Changes: [],
          };
        const from = Number(input.NextToken ?? 0);
        const end = from + pageSize;
        return {
          ...head,
          Status: 'CREATE_COMPLETE',
          Changes: set.changes.slice(from, end).map((ResourceChange) => ({ Type: 'Resource', ResourceChange })),
          ...(end < set.changes.length && { NextToken: String(end) }),
        };
      },
    ),
    DeleteChangeSet: onStack(parts, 'DeleteChangeSet', (input: Named & { readonly StackName: string }) => {
      sets.delete(keyOf(input));
      return {};
    }),
  };
  return { operations, names: () => [...sets.values()].map(({ name }) => name) };
};

/** Other tags of a stack are other tags of each resource that can have some. */
const tagChanges = (template: string): readonly CloudFormation.ResourceChange[] => {
  const document: {
    readonly Resources?: Readonly<Record<string, { readonly Type?: string; readonly Properties?: object }>>;
  } = JSON.parse(template);
  return Object.entries(document.Resources ?? {}).flatMap(([LogicalResourceId, { Type = '', Properties = {} }]) =>
    'Tags' in Properties
      ? [{ Action: 'Modify' as const, LogicalResourceId, ResourceType: Type, Replacement: 'False' as const }]
      : [],
  );
};
