import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { planDeployerActions } from '../../../../cli/doctor/deployer-actions.ts';
import { stackContextOf } from '../../../../infra/stack/context.ts';
import { buildStack } from '../../../../infra/stack/stack.ts';
import { judge, smallFile } from '../../../support/configuration.ts';

const guide = readFileSync(new URL('../../../../docs/deploy.md', import.meta.url), 'utf8');

/** `row` → every action of the guide's table; a name without a service has the one before it. */
const actionsInGuide = (): Readonly<Record<string, readonly string[]>> => {
  const [, table = ''] = guide.split('## What the person who deploys may do');
  const rows = table.split('\n').filter((line) => line.startsWith('|'));
  return Object.fromEntries(
    rows.slice(2, rows.findLastIndex((line) => line.includes('cloudwatch:')) + 1).flatMap((line) => {
      const [, row = '', , actions = ''] = line.split('|').map((cell) => cell.trim());
      let service = '';
      const named = [...actions.matchAll(/`(?:([a-z0-9]+):)?([A-Z]\w+)`/g)].map(([, own, name]) => {
        service = own ?? service;
        return `${service}:${name}`;
      });
      return row === '' ? [] : [[row, named]];
    }),
  );
};

const { configuration } = judge(
  smallFile(
    {},
    `channels:
  endpoints:
    team-mail: { kind: email, parameter: /mskeeper/mail }
    pagers: { kind: pagerduty, secret: mskeeper/pagers }
  byTopic: { emergency: [team-mail, pagers] }
`,
  ),
);
if (configuration === undefined) throw new Error('the file is sound');
const { resources } = buildStack(configuration, 'orders');
const planned = planDeployerActions(stackContextOf(configuration, 'orders'), resources);

test('the doctor asks about each action that the deploy guide lists, and about no other', () => {
  const asked = Object.fromEntries(
    [...new Set(planned.map(({ row }) => row))].map((row) => [
      row,
      [...new Set(planned.filter((one) => one.row === row).flatMap(({ actions }) => actions))].toSorted(),
    ]),
  );
  const listed = Object.fromEntries(
    Object.entries(actionsInGuide()).map(([row, actions]) => [
      row,
      // Keys have no names of ours: what is done with one that exists cannot be asked before it does.
      (row === 'their key' ? actions.filter((action) => action === 'kms:CreateKey') : [...actions]).toSorted(),
    ]),
  );
  expect(Object.keys(listed).length).toBeGreaterThan(10);
  expect(asked).toEqual(listed);
});

test('it asks about this stack’s names in this account and Region', () => {
  const arns = planned.flatMap(({ resourceArns }) => resourceArns).filter((arn) => arn !== '*');
  expect(arns.length).toBeGreaterThan(15);
  const strangers = arns.filter((arn) => !/mskeeper[-/](orders|mail|pagers|claims\/orders)/.test(arn));
  expect(strangers).toEqual([]);
  expect(arns).toContain('arn:aws:secretsmanager:eu-west-1:111122223333:secret:mskeeper/pagers-doctor');
});

test('what it asks about is a name that the template makes', () => {
  const names = (type: string, property: string) =>
    Object.values(resources).flatMap(({ Type, Properties }) => (Type === type ? [Properties[property]] : []));
  const asked = (service: string, kind = '') =>
    planned
      .flatMap(({ resourceArns }) => resourceArns)
      .filter((arn) => arn.split(':')[2] === service && arn.split(':').slice(5).join(':').startsWith(kind))
      .map((arn) => arn.split(':').slice(5).join(':').slice(kind.length));
  for (const [service, kind, type, property] of [
    ['events', 'rule/', 'AWS::Events::Rule', 'Name'],
    ['events', 'event-bus/', 'AWS::Events::EventBus', 'Name'],
    ['scheduler', 'schedule/mskeeper-orders/', 'AWS::Scheduler::Schedule', 'Name'],
    ['sns', '', 'AWS::SNS::Topic', 'TopicName'],
    ['sqs', '', 'AWS::SQS::Queue', 'QueueName'],
    ['iam', 'role/', 'AWS::IAM::Role', 'RoleName'],
  ] as const) {
    expect(asked(service, kind).length, type).toBeGreaterThan(0);
    expect(names(type, property), type).toEqual(expect.arrayContaining(asked(service, kind)));
  }
});
