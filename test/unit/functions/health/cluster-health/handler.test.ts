import { expect, test, vi } from 'vitest';
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
import { changesOf, findingsOf, newsOf, wordsOf } from '../../../../support/health/bus.ts';
import { checkClusterHealth, healthPorts, outside } from '../../../../support/health/health-ports.ts';
import { alarmWake, brokerThreeDead, full, light } from './handler-under-test.ts';

test('a healthy cluster is reported to bucket and bus, no finding is told, and zero brokers are unreachable', async () => {
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
  expect(wordsOf(kept.onBus)).toMatchObject([{ kind: 'report', detail: { report: { worst: 'ok', depth: 'full' } } }]);
  expect(kept.metrics).toMatchObject([
    { name: 'BrokersUnreachable', value: 0, by: 'cluster' },
    { name: 'ScheduledRunCompleted', value: 2, by: 'procedure' },
  ]);
});

test('a dead broker is told once as new, with its partitions, then as still dead, and its return once', async () => {
  const kept = outside();
  await checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead }));
  const opened = newsOf(kept.onBus);
  expect(opened).toContain('opened critical broker-answers|broker 3');
  const [first] = changesOf(kept.onBus).filter(({ key }) => key === 'broker-answers|broker 3');
  expect(first?.finding.message).toContain('orders-0');
  expect(first?.diagnosis).toMatchObject({
    suspected: 'broker 3 is down',
    underReplicated: { named: [{ topic: 'orders' }] },
  });
  expect(kept.metrics).toMatchObject([
    { name: 'BrokersUnreachable', value: 1 },
    { name: 'ScheduledRunCompleted', value: 1 },
  ]);
  await checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead, nowMs: () => noonMs + minuteMs }));
  expect(newsOf(kept.onBus)).toEqual(opened);
  const still = findingsOf(kept.onBus).filter(({ change }) => change === 'still');
  expect(still.map(({ key, sinceMs }) => [key, sinceMs])).toContainEqual(['broker-answers|broker 3', noonMs]);
  await checkClusterHealth(light, healthPorts(kept, { nowMs: () => noonMs + 2 * minuteMs }));
  expect(newsOf(kept.onBus).slice(opened.length)).toContain('closed ok broker-answers|broker 3');
  expect(newsOf(kept.onBus)).toHaveLength(2 * opened.length);
  expect(kept.stored?.value).toMatchObject({ openByKey: {}, untoldByKey: {} });
});

test('a silent cluster is P0, and told before all else', async () => {
  const kept = outside();
  await checkClusterHealth(light, healthPorts(kept, { fetchView: async () => blindView(problem('timed-out')) }));
  expect(newsOf(kept.onBus)[0]).toBe('opened emergency cluster-answers|cluster');
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
  const events = kept.onBus;
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
    judgedWholeAtMsByCheck: { 'critical-topic': noonMs },
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
