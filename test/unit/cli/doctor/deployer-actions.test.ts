import { expect, test } from 'vitest';
import { type DeployerActions, planDeployerActions } from '../../../../cli/doctor/deployer-actions.ts';
import { stackContextOf } from '../../../../infra/stack/context.ts';
import { buildStack } from '../../../../infra/stack/stack.ts';
import type { StackSettings } from '../../../../shared/core/stack-settings.ts';
import { judge, smallFile } from '../../../support/configuration.ts';
import { bankSettings } from '../../../support/stack/bank-settings.ts';
import { actionsBySettingInGuide, usualActionsInGuide } from '../../../support/stack/deploy-guide.ts';

const { configuration } = judge(
  smallFile(
    {},
    `channels:
  endpoints:
    team-mail: { kind: email, parameter: /mskeeper/mail }
    pagers: { kind: https, secret: mskeeper/pagers }
  byTopic: { emergency: [team-mail, pagers] }
`,
  ),
);
if (configuration === undefined) throw new Error('the file is sound');
const plan = (stack: StackSettings = {}): readonly DeployerActions[] => {
  const { orders } = configuration.clusters;
  if (orders === undefined) throw new Error('no cluster');
  const changed = { ...configuration, clusters: { orders: { ...orders, stack } } };
  return planDeployerActions(stackContextOf(changed, 'orders'), buildStack(changed, 'orders').resources);
};
const { resources } = buildStack(configuration, 'orders');
const planned = plan();

const actionsByRow = (rows: readonly DeployerActions[]) =>
  Object.fromEntries(
    [...new Set(rows.map(({ row }) => row))].map((row) => [
      row,
      [...new Set(rows.filter((one) => one.row === row).flatMap(({ actions }) => actions))].toSorted(),
    ]),
  );
const sorted = (table: typeof usualActionsInGuide) =>
  Object.fromEntries(
    Object.entries(table).map(([row, actions]) => [
      row,
      // Keys have no names of ours: what is done with one that exists cannot be asked before it does. A row may name an action
      // of two kinds of resources.
      (row === 'their key' ? actions.filter((action) => action === 'kms:CreateKey') : [...new Set(actions)]).toSorted(),
    ]),
  );

test('the doctor asks about each action that the deploy guide lists, and about no other', () => {
  expect(Object.keys(usualActionsInGuide).length).toBeGreaterThan(10);
  expect(actionsByRow(planned)).toEqual(sorted(usualActionsInGuide));
});

test('of a stack with every setting it asks about the rows of the guide’s second table, too, and of no key that the stack does not make', () => {
  const { 'their key': _ofTheTopics, ...usual } = sorted(usualActionsInGuide);
  expect(actionsByRow(plan(bankSettings))).toEqual({ ...usual, ...sorted(actionsBySettingInGuide) });
});

/** A setting that has a row, as it stands in the guide, alone. */
const alone: Readonly<Record<string, StackSettings>> = {
  permissionsBoundary: { permissionsBoundary: bankSettings.permissionsBoundary },
  'keys.logs': { keys: { logs: bankSettings.keys.logs } },
  'keys.environment': { keys: { environment: bankSettings.keys.environment } },
  'keys.deployment': { keys: { deployment: bankSettings.keys.deployment } },
  reservedConcurrency: { reservedConcurrency: { 'kafka-read': 1 } },
  accessLog: { accessLog: { bucket: 'company-access-logs' } },
  auditRetention: { auditRetention: bankSettings.auditRetention },
  terminationProtection: { terminationProtection: true },
};

test.each(Object.keys(actionsBySettingInGuide))('the setting %s alone adds its row, and no other', (row) => {
  const settings = alone[row];
  if (settings === undefined) throw new Error(`the test knows no ${row}`);
  expect(actionsByRow(plan(settings))).toEqual({
    ...sorted(usualActionsInGuide),
    [row]: sorted(actionsBySettingInGuide)[row],
  });
});

test('what needs nothing more of whoever deploys adds nothing', () => {
  const { tags, logRetentionDays, breakGlassRole, deploymentRole, keys } = bankSettings;
  const quiet = { tags, logRetentionDays, breakGlassRole, deploymentRole, terminationProtection: false };
  expect(plan({ ...quiet, keys: { queues: keys.queues, bucket: keys.bucket } })).toEqual(planned);
});

test('keys are asked about by their ARNs, reserved executions by a function that reserves some', () => {
  const bank = plan({ ...bankSettings, reservedConcurrency: { 'storage-scaling-run': 1 } });
  const arnsOf = (row: string) => bank.filter((one) => one.row === row).flatMap(({ resourceArns }) => resourceArns);
  expect(arnsOf('keys.environment')).toEqual([bankSettings.keys.environment]);
  expect(arnsOf('keys.deployment')).toEqual([bankSettings.keys.deployment]);
  expect(arnsOf('reservedConcurrency')).toEqual([
    'arn:aws:lambda:eu-west-1:111122223333:function:mskeeper-orders-storage-scaling-run',
  ]);
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
