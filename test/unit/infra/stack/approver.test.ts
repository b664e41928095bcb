import { describe, expect, test } from 'vitest';
import { buildStack } from '../../../../infra/stack/stack.ts';
import { approvalKey } from '../../../../shared/durable/approval.ts';
import { at, listOf, objectsOf, ofType, shown } from './stack-under-test.ts';
import { tellerConfiguration, withoutTeller, withTeller } from './teller-under-test.ts';

const onCall = 'arn:aws:iam::111122223333:role/on-call';

const rolesWith = (approverPrincipals: readonly string[], parts = withTeller) => {
  const configuration = { ...tellerConfiguration(), approverPrincipals };
  return ofType(Object.entries(buildStack(configuration, 'orders', parts).resources), 'AWS::IAM::Role').map(
    ({ logicalId, Properties }) => ({
      logicalId,
      properties: Properties,
      statements: objectsOf(Properties.Policies).flatMap((policy) =>
        objectsOf(at(policy, 'PolicyDocument', 'Statement')),
      ),
    }),
  );
};

test('nobody is named: there is no role that approves', () => {
  expect(rolesWith([]).map(({ logicalId }) => logicalId)).not.toContain('ApproverRole');
});

test('commands come by an alias of whoever tells people, of its newest code, whoever may give them', () => {
  const aliases = (parts: typeof withTeller) =>
    ofType(Object.entries(buildStack(tellerConfiguration(), 'orders', parts).resources), 'AWS::Lambda::Alias');
  expect(aliases(withTeller).map(({ Properties }) => Properties)).toEqual([
    {
      FunctionName: { Ref: 'IncidentLambdaFunction' },
      FunctionVersion: '$LATEST',
      Name: 'commands',
    },
  ]);
  expect(aliases(withoutTeller)).toEqual([]);
});

describe('where approvers are named', () => {
  const roles = rolesWith([onCall]);
  const approver = roles.find(({ logicalId }) => logicalId === 'ApproverRole');

  test('they and no service may take its role, which reads requests, answers callbacks, sees which are answered, finds the bucket and commands incident', () => {
    expect(approver?.properties.RoleName).toBe('mskeeper-orders-approver-eu-west-1');
    expect(objectsOf(at(approver?.properties, 'AssumeRolePolicyDocument', 'Statement'))).toEqual([
      { Sid: 'Approvers', Effect: 'Allow', Principal: { AWS: [onCall] }, Action: ['sts:AssumeRole'] },
    ]);
    const lines = approver?.statements.map(
      ({ Sid, Action, Resource, Condition }) =>
        `${shown(Sid)}: ${listOf(Action).map(shown).join(' ')} on ${listOf(Resource).map(shown).join(' ')}${Condition === undefined ? '' : ` if ${JSON.stringify(Condition)}`}`,
    );
    const here = 'eu-west-1:111122223333';
    expect(lines).toEqual([
      'ReadRequests: s3:GetObject on Bucket/approvals/orders/*',
      'ListRequests: s3:ListBucket on Bucket if {"StringLike":{"s3:prefix":"approvals/orders/*"}}',
      `Decide: lambda:SendDurableExecutionCallbackFailure lambda:SendDurableExecutionCallbackSuccess on arn:aws:lambda:${here}:function:mskeeper-orders-storage-scaling-run:*`,
      `FindTheRuns: lambda:ListDurableExecutionsByFunction on arn:aws:lambda:${here}:function:mskeeper-orders-storage-scaling-run arn:aws:lambda:${here}:function:mskeeper-orders-storage-scaling-run:*`,
      `SeeWhatIsAnswered: lambda:GetDurableExecutionHistory on arn:aws:lambda:${here}:function:mskeeper-orders-storage-scaling-run:*/durable-execution/*/*`,
      `FindTheBucket: lambda:GetFunctionConfiguration on arn:aws:lambda:${here}:function:mskeeper-orders-cluster-health`,
      `CommandIncident: lambda:InvokeFunction on arn:aws:lambda:${here}:function:mskeeper-orders-incident:commands`,
    ]);
    expect(`Bucket/${approvalKey('orders', 'a-1')}`).toBe('Bucket/approvals/orders/a-1.json');
  });

  test('where nothing acts there is a role for commands to incident alone, and where nobody tells people for requests alone', () => {
    const sidsWith = (parts: typeof withTeller) =>
      rolesWith([onCall], parts)
        .filter(({ logicalId }) => logicalId === 'ApproverRole')
        .map(({ statements }) => statements.map(({ Sid }) => shown(Sid)));
    const functions = withTeller.functions.filter(({ procedure }) => procedure !== 'storage-scaling');
    expect(sidsWith({ functions, alarms: [] })).toEqual([['CommandIncident']]);
    expect(sidsWith(withoutTeller).flat()).not.toContain('CommandIncident');
    const arms = functions.filter(({ tellsPeople }) => !tellsPeople);
    expect(sidsWith({ functions: arms, alarms: [] })).toEqual([]);
  });

  test('no function may do any of it: neither answer a callback nor read what waits for a person', () => {
    const functions = roles.filter(({ logicalId }) => logicalId !== 'ApproverRole');
    const able = functions.flatMap(({ logicalId, statements }) =>
      statements
        .filter(({ Action, Resource }) => {
          const actions = listOf(Action).map(shown);
          const isApprovals = listOf(Resource)
            .map(shown)
            .some((one) => one.startsWith('Bucket/approvals/'));
          return actions.some(
            (action) => /DurableExecution(Callback|History)/.test(action) || (isApprovals && action !== 's3:PutObject'),
          );
        })
        .map(({ Sid }) => `${logicalId} ${shown(Sid)}`),
    );
    expect(able).toEqual([]);
  });
});
