import * as CloudFormationClient from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../service.ts';
import type { AwsWorld } from '../../world.ts';

/** CloudFormation's API as far as a stack that is there is asked about; what makes stacks is `createStack`. */
export type CloudFormation = {
  /** A stack that was made. */
  add(stackName: string): void;
  isProtected(stackName: string): boolean;
};

type Stack = { readonly name: string; readonly madeAt: Date; isProtected: boolean };

/** Adds CloudFormation to the world. */
export function createCloudFormation(world: AwsWorld): CloudFormation {
  const stacks = new Map<string, Stack>();
  const arnOf = (name: string): string =>
    `arn:aws:cloudformation:${world.region}:${world.accountId}:stack/${name}/local`;
  const find = (name: string): Stack => {
    const stack = stacks.get(name);
    if (stack !== undefined) return stack;
    throw new AwsError('ValidationError', 400, `Stack with id ${name} does not exist`);
  };
  world.addService({
    signingName: 'cloudformation',
    protocol: 'query',
    clientModule: CloudFormationClient,
    operations: {
      DescribeStacks: {
        authorize: ({ StackName = '*' }: CloudFormationClient.DescribeStacksCommandInput) => [
          { action: 'cloudformation:DescribeStacks', resource: arnOf(StackName) },
        ],
        run: ({ StackName }: CloudFormationClient.DescribeStacksCommandInput) => ({
          Stacks: (StackName === undefined ? [...stacks.values()] : [find(StackName)]).map(
            ({ name, madeAt, isProtected }) => ({
              StackName: name,
              StackId: arnOf(name),
              CreationTime: madeAt,
              StackStatus: 'CREATE_COMPLETE',
              EnableTerminationProtection: isProtected,
            }),
          ),
        }),
      },
      UpdateTerminationProtection: {
        authorize: ({ StackName = '*' }: CloudFormationClient.UpdateTerminationProtectionCommandInput) => [
          { action: 'cloudformation:UpdateTerminationProtection', resource: arnOf(StackName) },
        ],
        run: ({
          StackName = '',
          EnableTerminationProtection,
        }: CloudFormationClient.UpdateTerminationProtectionCommandInput) => {
          find(StackName).isProtected = EnableTerminationProtection === true;
          return { StackId: arnOf(StackName) };
        },
      },
    },
  });
  return {
    add: (name) => void stacks.set(name, { name, madeAt: new Date(world.clock.nowMs()), isProtected: false }),
    isProtected: (name) => find(name).isProtected,
  };
}
