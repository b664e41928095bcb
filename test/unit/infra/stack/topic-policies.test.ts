import { describe, expect, test } from 'vitest';
import { buildStack } from '../../../../infra/stack/stack.ts';
import { parsePolicy } from '../../../../local/aws/iam/policy.ts';
import type { Json } from '../../../../shared/deployment/template.ts';
import { isAllowedBy } from '../../../support/aws/resource-policies.ts';
import { at, configurationWith, objectsOf, ofType } from './stack-under-test.ts';

const roleArn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const breakGlassRole = roleArn('break-glass');

/** Every topic's policy, its topic called by its logical id; roles of ours are nobody of those who ask here. */
const policiesOf = (stack: { readonly breakGlassRole?: string }) =>
  ofType(Object.entries(buildStack(configurationWith({ stack }), 'orders').resources), 'AWS::SNS::TopicPolicy').map(
    ({ logicalId, Properties }) => {
      const text = JSON.stringify(Properties.PolicyDocument)
        .replaceAll(/\{"Ref":"(\w+)"\}/g, '"$1"')
        .replaceAll(/\{"Fn::GetAtt":\["(\w+)","Arn"\]\}/g, (_all, id: string) => JSON.stringify(roleArn(id)));
      const document: Json = JSON.parse(text);
      return { topic: logicalId.replace(/Policy$/, ''), document };
    },
  );

/** What SNS takes as an action of a topic's policy (SNS Developer Guide, "Amazon SNS API permissions"), beside reading. */
const changes = ['AddPermission', 'DeleteTopic', 'PutDataProtectionPolicy', 'RemovePermission', 'SetTopicAttributes'];
const taken = [...changes, 'GetDataProtectionPolicy', 'GetTopicAttributes', 'ListSubscriptionsByTopic'].concat(
  'ListTagsForResource',
  'Publish',
  'Subscribe',
);

const ways = [
  {},
  { 'aws:CalledViaFirst': 'athena.amazonaws.com' },
  { 'aws:CalledViaFirst': 'cloudformation.amazonaws.com' },
];
const casesOf = (topic: string, isClosed: boolean) =>
  ['ci', 'break-glass', 'mskeeper-orders-cluster-health-eu-west-1'].flatMap((who) =>
    ways.flatMap((context) =>
      changes.map((action) => {
        const isDeploy = Object.values(context).includes('cloudformation.amazonaws.com');
        const expected = !isClosed || isDeploy || who === 'break-glass';
        return { roleArn: roleArn(who), action: `sns:${action}`, resource: topic, context, expected };
      }),
    ),
  );
const wrongOf = (document: Json, cases: ReturnType<typeof casesOf>) => {
  const policy = parsePolicy(document);
  return cases
    .filter((one) => isAllowedBy(policy, one) !== one.expected)
    .map((one) => `${one.roleArn} ${one.action} ${JSON.stringify(one.context)}`);
};

describe.each(policiesOf({ breakGlassRole }))('$topic, where somebody may mend it', ({ topic, document }) => {
  const asked = casesOf(topic, true);

  test('is changed by deploys and by who mends, and by nobody else, whatever his rights are', () => {
    expect(wrongOf(document, asked)).toEqual([]);
  });

  test('would be open without the statement, and closed to somebody without either exception', () => {
    const statements = objectsOf(at(document, 'Statement'));
    const guard = statements.find(({ Sid }) => Sid === 'ChangedByDeploysAlone');
    const others = statements.filter((one) => one !== guard);
    expect(wrongOf({ Statement: others }, asked)).not.toEqual([]);
    const operators = Object.keys(guard?.Condition ?? {});
    expect(operators).toHaveLength(2);
    for (const operator of operators) {
      const { [operator]: _left, ...Condition } = Object.fromEntries(Object.entries(guard?.Condition ?? {}));
      expect(wrongOf({ Statement: [...others, { ...guard, Condition }] }, asked), operator).not.toEqual([]);
    }
  });
});

test.each(policiesOf({}))('$topic stays open where nobody could mend it', ({ topic, document }) => {
  expect(wrongOf(document, casesOf(topic, false))).toEqual([]);
});

test('no topic’s policy names an action that SNS does not take in one: it would refuse the whole policy', () => {
  for (const { document } of [...policiesOf({}), ...policiesOf({ breakGlassRole })])
    for (const { Action } of objectsOf(at(document, 'Statement')))
      expect(taken).toEqual(expect.arrayContaining([Action].flat().map((one) => String(one).replace('sns:', ''))));
});
