import {
  type CloudFormationClient,
  DescribeStacksCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { callAws } from '../shared/aws/call.ts';
import { DependencyError } from '../shared/core/errors.ts';
import type { CallScope } from '../shared/run/call-scope.ts';

/** CloudFormation has no error of its own for a stack that is not there (API Reference, DescribeStacks). */
const isMissingStack = ({ cause }: DependencyError): boolean =>
  cause instanceof Error && cause.name === 'ValidationError' && cause.message.includes('does not exist');

/**
 * Whether CloudFormation refuses to delete a stack; undefined where there is none of that name.
 *
 * @throws DependencyError naming `cloudformation:DescribeStacks`
 */
export const fetchProtection = async (
  client: CloudFormationClient,
  calls: CallScope,
  stackName: string,
): Promise<boolean | undefined> => {
  const call = 'cloudformation:DescribeStacks';
  try {
    const { Stacks: stacks = [] } = await callAws(calls, call, (options) =>
      client.send(new DescribeStacksCommand({ StackName: stackName }), options),
    );
    const isProtected = stacks.find((stack) => stack.StackName === stackName)?.EnableTerminationProtection;
    if (isProtected === undefined)
      throw new DependencyError(call, 'bad-answer', 'bad answer: expected EnableTerminationProtection of the stack');
    return isProtected;
  } catch (error) {
    if (error instanceof DependencyError && isMissingStack(error)) return undefined;
    throw error;
  }
};

/** Has CloudFormation refuse to delete a stack until a person takes it back. @throws DependencyError naming the call */
export const protectStack = async (
  client: CloudFormationClient,
  calls: CallScope,
  stackName: string,
): Promise<void> => {
  await callAws(calls, 'cloudformation:UpdateTerminationProtection', (options) =>
    client.send(
      new UpdateTerminationProtectionCommand({ StackName: stackName, EnableTerminationProtection: true }),
      options,
    ),
  );
};
