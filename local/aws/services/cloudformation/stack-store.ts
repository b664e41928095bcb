import type { StackEvent } from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../service.ts';
import type { CreatedResource } from '../../template/resource.ts';

export type StackTag = { readonly Key: string; readonly Value: string };

/** A stack as CloudFormation keeps it. */
export type StoredStack = {
  readonly name: string;
  readonly arn: string;
  readonly madeAt: Date;
  isProtected: boolean;
  status: string;
  /** As it was given: what an update is compared with. */
  template: string;
  tags: readonly StackTag[];
  resources: ReadonlyMap<string, CreatedResource & { readonly type: string }>;
  outputs: Readonly<Record<string, unknown>>;
  /** Oldest first. */
  readonly events: StackEvent[];
};

export type StackStore = {
  readonly all: () => readonly StoredStack[];
  add(name: string): StoredStack;
  remove(name: string): void;
  /** @throws AwsError ValidationError, as CloudFormation has no error of its own for a stack that is not there */
  find(nameOrArn: string): StoredStack;
  has(name: string): boolean;
};

export const createStackStore = (arnOf: (name: string) => string, now: () => Date): StackStore => {
  const stacks = new Map<string, StoredStack>();
  const nameIn = (nameOrArn: string): string => /:stack\/([^/]+)\//.exec(nameOrArn)?.[1] ?? nameOrArn;
  return {
    all: () => [...stacks.values()],
    add: (name) => {
      const stack: StoredStack = {
        name,
        arn: arnOf(name),
        madeAt: now(),
        isProtected: false,
        status: 'CREATE_COMPLETE',
        template: '{}',
        tags: [],
        resources: new Map(),
        outputs: {},
        events: [],
      };
      stacks.set(name, stack);
      return stack;
    },
    remove: (name) => void stacks.delete(name),
    has: (name) => stacks.has(nameIn(name)),
    find: (nameOrArn) => {
      const stack = stacks.get(nameIn(nameOrArn));
      if (stack !== undefined) return stack;
      throw new AwsError('ValidationError', 400, `Stack with id ${nameOrArn} does not exist`);
    },
  };
};

/** What happened to the stack itself, or to one of its resources. */
export const tell = (
  stack: StoredStack,
  at: Date,
  status: string,
  resource: { readonly logicalId: string; readonly type: string; readonly reason?: string } = {
    logicalId: stack.name,
    type: 'AWS::CloudFormation::Stack',
  },
): void => {
  if (resource.logicalId === stack.name) stack.status = status;
  stack.events.push({
    StackId: stack.arn,
    StackName: stack.name,
    EventId: `${stack.events.length}`,
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.logicalId === stack.name ? stack.arn : '',
    ResourceType: resource.type,
    Timestamp: at,
    ResourceStatus: status as NonNullable<StackEvent['ResourceStatus']>,
    ...(resource.reason !== undefined && { ResourceStatusReason: resource.reason }),
  });
};
