import { expect, test } from 'vitest';
import { functionDefinitions } from '../../../../infra/functions.ts';
import { buildStack } from '../../../../infra/stack/stack.ts';
import { functionLogicalId } from '../../../../shared/deployment/names.ts';
import { at, configurationWith, listOf, objectsOf, ofType, resourcesWith, shown } from './stack-under-test.ts';

const resources = resourcesWith();
const rules = ofType(resources, 'AWS::Events::Rule');
const ruleOf = (logicalId: string) => rules.find((rule) => rule.logicalId === logicalId)?.Properties;
const run = buildStack(configurationWith(), 'orders').functions['storage-scaling-run'];

test('a durable function is one from its creation, keeps its history, and leaves what ended badly in a queue', () => {
  expect(at(run, 'durableConfig')).toEqual({ executionTimeout: 8 * 86_400, retentionPeriodInDays: 30 });
  expect(shown(at(run, 'onError'))).toBe('FailedRunsQueue');
});

test('nothing else has a durable configuration, and a durable function has no destination and no retries', () => {
  const { functions } = buildStack(configurationWith(), 'orders');
  const durable = Object.entries(functions).filter(([, one]) => at(one, 'durableConfig') !== undefined);
  const declared = functionDefinitions.filter((one) => one.durable !== undefined).map(({ slug }) => slug);
  expect(durable.map(([slug]) => slug)).toEqual(declared);
  expect(declared).toContain('storage-scaling-run');
  const configured = ofType(resources, 'AWS::Lambda::EventInvokeConfig').map(({ Properties }) =>
    shown(Properties.FunctionName),
  );
  const plain = functionDefinitions.filter((one) => one.isProcedure && one.durable === undefined);
  expect(configured).toEqual(plain.map(({ slug }) => functionLogicalId(slug)));
});

test('every intake starts a durable function, and learns its name from its environment', () => {
  const { functions } = buildStack(configurationWith(), 'orders');
  const intakes = functionDefinitions.filter(({ starts }) => starts !== undefined);
  expect(intakes).toHaveLength(1);
  for (const { slug, starts } of intakes) {
    expect(functionDefinitions.find((one) => one.slug === starts)?.durable).toBeDefined();
    expect(at(functions[slug], 'environment', 'MSKEEPER_RUN_FUNCTION')).toBe(`mskeeper-orders-${starts}`);
  }
});

test('the bad end of this stack’s own runs wakes the intake, of whichever version, and nobody else’s does', () => {
  const rule = ruleOf('StorageScalingRunEndedRule');
  expect(at(rule, 'EventPattern')).toEqual({
    source: ['aws.lambda'],
    'detail-type': ['Durable Execution Status Change'],
    account: ['111122223333'],
    region: ['eu-west-1'],
    detail: {
      status: ['FAILED', 'TIMED_OUT', 'STOPPED'],
      durableExecutionName: [{ prefix: 'orders-storage-scaling-' }],
      durableExecutionArn: [
        { prefix: 'arn:aws:lambda:eu-west-1:111122223333:function:mskeeper-orders-storage-scaling-run:' },
      ],
    },
  });
  expect(rule?.EventBusName).toBeUndefined();
});

test('a forecast on mskeeper’s own bus wakes it too', () => {
  const rule = ruleOf('StorageScalingBusRule');
  expect(shown(rule?.EventBusName)).toBe('Bus');
  expect(at(rule, 'EventPattern')).toEqual({
    source: ['mskeeper'],
    'detail-type': ['mskeeper storage forecast'],
    account: ['111122223333'],
    region: ['eu-west-1'],
  });
});

test('a change of the kill switch, of that name and no other, wakes it', () => {
  const rule = ruleOf('StorageScalingKillSwitchRule');
  expect(at(rule, 'EventPattern')).toEqual({
    source: ['aws.ssm'],
    'detail-type': ['Parameter Store Change'],
    account: ['111122223333'],
    region: ['eu-west-1'],
    detail: {
      name: ['/mskeeper/kill-switch'],
      operation: ['Create', 'Update', 'Delete'],
    },
  });
  expect(rule?.EventBusName).toBeUndefined();
});

test('what cannot be delivered is kept, and EventBridge may invoke the intake for these rules only', () => {
  for (const logicalId of ['StorageScalingRunEndedRule', 'StorageScalingBusRule']) {
    const [target] = objectsOf(ruleOf(logicalId)?.Targets);
    expect(shown(target?.Arn)).toBe('StorageDashscalingLambdaFunction');
    expect(shown(at(target, 'DeadLetterConfig', 'Arn'))).toBe('UndeliveredAlarmsQueue');
  }
  const sources = ofType(resources, 'AWS::Lambda::Permission')
    .filter(({ Properties }) => shown(Properties.FunctionName) === 'StorageDashscalingLambdaFunction')
    .map(({ Properties }) => listOf(Properties.SourceArn).map(shown).join());
  expect(sources).toEqual([
    'StorageScalingAlarmRule',
    'StorageScalingRunEndedRule',
    'StorageScalingBusRule',
    'StorageScalingKillSwitchRule',
  ]);
});
