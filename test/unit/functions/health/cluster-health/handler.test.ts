import { expect, test, vi } from 'vitest';
import { planEvents } from '../../../../../functions/health/cluster-health/core/announcements.ts';
import { handler } from '../../../../../functions/health/cluster-health/handler.ts';
import {
  decodeState,
  encodeState,
  stateDocument,
} from '../../../../../functions/health/cluster-health/memory-document.ts';
import { redactValue, verbatim } from '../../../../../shared/text/redaction.ts';
import { captureOutput, lambdaContext } from '../../../../support/aws/lambda.ts';
import {
  blindView,
  healthState,
  minuteMs,
  noonMs,
  partitionView,
  problem,
  topicView,
  unknownFor,
} from '../../../../support/health/builders.ts';
import { checkClusterHealth, healthPorts, outside } from '../../../../support/health/health-ports.ts';
import { alarmWake, brokerThreeDead, full, light } from './handler-under-test.ts';

test('a healthy cluster is reported to bucket and bus, nobody is told, and zero brokers are unreachable', async () => {
  const kept = outside();
  const report = await checkClusterHealth(full, healthPorts(kept));
  expect(report).toMatchObject({
    version: 1,
    procedure: 'cluster-health',
    worst: 'ok',
    depth: 'full',
    undelivered: [],
  });
  expect(kept.reports).toEqual([report]);
  expect(kept.onBus).toHaveLength(1);
  expect(kept.told).toEqual([]);
  expect(kept.metrics).toMatchObject([
    { name: 'BrokersUnreachable', value: 0, by: 'cluster' },
    { name: 'ScheduledRunCompleted', value: 2, by: 'procedure' },
  ]);
});

test('a dead broker is told once to the critical topic, with its partitions, and its return once', async () => {
  const kept = outside();
  await checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead }));
  expect(kept.told).toHaveLength(1);
  expect(kept.told[0]).toMatchObject({ severity: 'critical' });
  expect(kept.told[0]?.headline).toContain('orders-0');
  expect(kept.metrics).toMatchObject([
    { name: 'BrokersUnreachable', value: 1 },
    { name: 'ScheduledRunCompleted', value: 1 },
  ]);
  await checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead, nowMs: () => noonMs + minuteMs }));
  expect(kept.told).toHaveLength(1);
  await checkClusterHealth(light, healthPorts(kept, { nowMs: () => noonMs + 2 * minuteMs }));
  expect(kept.told).toHaveLength(2);
  expect(kept.told[1]?.headline).toMatch(/^over: /);
  expect(kept.stored?.value.openByKey).toEqual({});
});

test('a silent cluster is P0 on the emergency topic', async () => {
  const kept = outside();
  await checkClusterHealth(light, healthPorts(kept, { fetchView: async () => blindView(problem('timed-out')) }));
  expect(kept.told[0]).toMatchObject({ severity: 'emergency' });
  expect(kept.metrics).toMatchObject([
    { name: 'BrokersUnreachable', value: 3 },
    { name: 'ScheduledRunCompleted', value: 1 },
  ]);
});

test('an alarm wakes a light run', async () => {
  const alarm = alarmWake({
    alarmName: 'mskeeper/orders/cluster-health/brokers-unreachable/critical',
    subject: { kind: 'composite', rule: 'ALARM(a)', triggeringAlarmArns: [] },
  });
  expect(await checkClusterHealth(alarm, healthPorts(outside()))).toMatchObject({ depth: 'light' });
});

test('one event a finding from notice up, and one for the run', async () => {
  const kept = outside();
  await checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead }));
  const [report] = kept.onBus;
  const events = report === undefined ? [] : planEvents(report);
  expect(events.at(-1)).toMatchObject({
    detailType: 'mskeeper report',
    detail: { version: 1, report: { worst: 'critical' } },
  });
  expect(events[0]).toMatchObject({
    detailType: 'mskeeper finding',
    detail: { cluster: 'orders', procedure: 'cluster-health', runId: 'run-1', finding: { severity: 'critical' } },
  });
  expect(JSON.stringify(events)).not.toContain('"severity":"ok"');
});

test('the state survives its way through the redaction of what leaves', () => {
  const state = healthState({
    openByKey: { 'critical-topic|topic payment-token': { severity: 'critical', reason: 'missing', sinceMs: 5 } },
    unknownStreaks: {
      'dead-letter|topic user-password.dlq': unknownFor(2),
      'dead-letter|topic CustomerAccountStatementGeneratedEventV2.dlq': unknownFor(2),
    },
    offsetsByTopic: {
      'auth-secret.dlq': {
        atMs: noonMs,
        topicId: 'AbCdEfGhIjKlMnOpQrStUv',
        latestByPartition: { 0: '15555550123456789' },
      },
      CustomerAccountStatementGeneratedEventV2: { atMs: noonMs, latestByPartition: { 0: '7' } },
      phone: { atMs: noonMs, latestByPartition: { 0: '5550100', 11: '12025550123' } },
    },
    announcing: { atMs: noonMs, openBefore: [['a|b'], ['c|d', { severity: 'warning', reason: 'x', sinceMs: 1 }]] },
  });
  const read = stateDocument.parse(JSON.parse(JSON.stringify(redactValue(verbatim(encodeState(state))))));
  expect(decodeState(read)).toEqual(state);
});

test('a report keeps its shape and its words through the redaction of what leaves, whatever topics are called', async () => {
  const view = await brokerThreeDead();
  const named = ['payment-token', 'user-password.dlq', 'phone', 'CustomerAccountStatementGeneratedEventV2'].map(
    (name) => topicView(name, [partitionView(0, { inSyncReplicaIds: [1, 2] })]),
  );
  const ports = healthPorts(outside(), { fetchView: async () => ({ ...view, topics: named }) });
  const report = await checkClusterHealth(full, ports);
  expect(JSON.stringify(report.findings)).toContain('payment-token');
  expect(redactValue(report)).toEqual(report);
});

test('an event of another shape, or an alarm that nobody knows, is refused', async () => {
  vi.stubEnv('MSKEEPER_CLUSTER', 'orders');
  captureOutput();
  await expect(handler({ source: 'aws.s3' }, lambdaContext())).rejects.toMatchObject({ name: 'InvalidEventError' });
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});
