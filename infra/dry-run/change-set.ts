import { setTimeout as wait } from 'node:timers/promises';
import {
  type Change,
  type CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
  type Tag,
} from '@aws-sdk/client-cloudformation';
import { entriesOf, fetchAllPages } from '../../shared/aws/answer.ts';
import { callAws } from '../../shared/aws/call.ts';
import { DependencyError } from '../../shared/core/errors.ts';
import { ask } from '../../shared/core/known.ts';
import { type CallScope, openCallScope } from '../../shared/run/call-scope.ts';
import type { PlannedChange } from './changes.ts';

/** A change set that is asked for, never executed. */
export type ChangeSetRequest = {
  readonly stackName: string;
  readonly changeSetName: string;
  readonly templateUrl: string;
  /** As the deploy itself would give them: other ones would be a change. */
  readonly tags: readonly Tag[];
};

const pollMs = 2_000;
/** Cleaning up has time of its own: what ran out of time must not leave anything. */
export const cleaningMs = 60_000;

/** CloudFormation's two sentences for a change set that failed because it is empty. */
const emptyReasons = [/didn't contain changes/, /No updates are to be performed/];

const plannedOf = ({ ResourceChange: one }: Change): readonly PlannedChange[] =>
  one === undefined
    ? []
    : [
        {
          action: one.Action ?? 'unknown',
          logicalId: one.LogicalResourceId ?? 'unknown',
          type: one.ResourceType ?? 'unknown',
          replacement: one.Replacement,
          policyAction: one.PolicyAction,
        },
      ];

const describeCall = 'cloudformation:DescribeChangeSet';

const describe = (
  client: CloudFormationClient,
  calls: CallScope,
  { stackName, changeSetName }: ChangeSetRequest,
  nextToken?: string,
): Promise<DescribeChangeSetCommandOutput> =>
  callAws(calls, describeCall, (options) =>
    client.send(
      new DescribeChangeSetCommand({ StackName: stackName, ChangeSetName: changeSetName, NextToken: nextToken }),
      options,
    ),
  );

const waitForChanges = async (
  client: CloudFormationClient,
  calls: CallScope,
  request: ChangeSetRequest,
): Promise<readonly PlannedChange[]> => {
  let answer = await describe(client, calls, request);
  while (answer.Status === 'CREATE_PENDING' || answer.Status === 'CREATE_IN_PROGRESS') {
    await wait(pollMs, undefined, { signal: calls.signal });
    answer = await describe(client, calls, request);
  }
  const { Status: status = 'no status', StatusReason: reason = 'no reason' } = answer;
  if (status === 'FAILED' && emptyReasons.some((empty) => empty.test(reason))) return [];
  if (status !== 'CREATE_COMPLETE')
    throw new DependencyError(describeCall, 'bad-answer', `the change set is ${status}: ${reason}`);
  const first = answer;
  return fetchAllPages(describeCall, async (nextToken) => {
    const page = nextToken === undefined ? first : await describe(client, calls, request, nextToken);
    return { items: entriesOf(page.Changes).flatMap(plannedOf), nextToken: page.NextToken };
  });
};

/**
 * What CloudFormation would do to a stack that is there, asked by a change set that is deleted again, whatever came of it.
 *
 * @param tellLeft told where the change set could not be deleted
 * @throws DependencyError naming the call; CloudFormation's own word where it cannot make the change set
 */
export const fetchPlannedChanges = async (
  client: CloudFormationClient,
  calls: CallScope,
  request: ChangeSetRequest,
  tellLeft: (line: string) => void,
): Promise<readonly PlannedChange[]> => {
  const named = { StackName: request.stackName, ChangeSetName: request.changeSetName };
  await callAws(calls, 'cloudformation:CreateChangeSet', (options) =>
    client.send(
      new CreateChangeSetCommand({
        ...named,
        ChangeSetType: 'UPDATE',
        TemplateURL: request.templateUrl,
        Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
        Tags: [...request.tags],
      }),
      options,
    ),
  );
  try {
    return await waitForChanges(client, calls, request);
  } finally {
    const gone = await ask(() =>
      callAws(openCallScope(AbortSignal.timeout(cleaningMs)), 'cloudformation:DeleteChangeSet', (options) =>
        client.send(new DeleteChangeSetCommand(named), options),
      ),
    );
    if (!gone.isKnown)
      tellLeft(
        `the change set is left (${gone.why}), and changes nothing by itself: aws cloudformation delete-change-set ` +
          `--stack-name ${request.stackName} --change-set-name ${request.changeSetName}`,
      );
  }
};
