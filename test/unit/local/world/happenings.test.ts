import { expect, test } from 'vitest';
import { watchStandIn } from '../../../../local/world/happenings.ts';
import { drillWorld } from '../../../support/drill/world.ts';

const invocation = (told: object) => ({
  functionName: 'mskeeper-drill-cluster-health',
  invokedBy: '',
  attempt: 1,
  atMs: 5_000,
  status: 'success',
  durationMs: 300.4,
  initMs: 100,
  maxMemoryMb: 110,
  ...told,
});
const scheduleArn = 'arn:aws:scheduler:eu-west-1:111122223333:schedule/mskeeper-drill/mskeeper-drill-light';

const watch = () => {
  const lists = {
    executions: [] as object[],
    invocations: [] as object[],
    history: [] as object[],
    events: [] as object[],
    inbox: [] as object[],
  };
  const { standIn } = drillWorld({
    lambda: { invocations: lists.invocations, durable: { executions: () => lists.executions } },
    cloudWatch: { history: lists.history },
    eventBridge: { events: lists.events },
    sns: { inbox: lists.inbox },
  });
  return { ...lists, read: watchStandIn(standIn) };
};

test('a schedule that fired is seen by what it woke, at the time it did, and once for all attempts', () => {
  const { invocations, read } = watch();
  invocations.push(invocation({ invokedBy: scheduleArn }), invocation({ invokedBy: scheduleArn, attempt: 2 }));
  expect(read().filter(({ lane }) => lane === 'schedules')).toEqual([
    {
      lane: 'schedules',
      subject: 'mskeeper-drill-light',
      label: 'schedule mskeeper-drill-light fired',
      tone: 'neutral',
      clockMs: 5_000,
    },
  ]);
});

test('an invocation says who woke it, how it ended and what it took', () => {
  const { invocations, read } = watch();
  invocations.push(
    invocation({ invokedBy: 'arn:aws:events:eu-west-1:111122223333:rule/mskeeper-drill-alarms' }),
    invocation({ status: 'timeout', errorMessage: 'Task timed out' }),
  );
  expect(read().map(({ label, tone, durationMs }) => ({ label, tone, durationMs }))).toEqual([
    {
      label: 'mskeeper-drill-cluster-health ran, woken by rule mskeeper-drill-alarms, 300 ms, 110 MB',
      tone: 'good',
      durationMs: 400.4,
    },
    { label: 'mskeeper-drill-cluster-health ended: Task timed out, 300 ms, 110 MB', tone: 'bad', durationMs: 400.4 },
  ]);
});

test.each([
  ['INSUFFICIENT_DATA to OK', []],
  ['INSUFFICIENT_DATA to ALARM', ['alarm a: ALARM']],
  ['OK to ALARM', ['alarm a: ALARM']],
  ['ALARM to OK', ['alarm a: OK']],
  ['OK to INSUFFICIENT_DATA', []],
])('an alarm that goes from %s is told as %j', (change, labels) => {
  const { history, read } = watch();
  history.push({ alarmName: 'a', atMs: 1, summary: `Alarm updated from ${change}` });
  expect(read().map(({ label }) => label)).toEqual(labels);
});

test('findings are told with their severity, and nothing else of the bus', () => {
  const { events, read } = watch();
  const finding = { severity: 'critical', check: 'broker-answers', subject: 'broker 2', message: 'Gone.' };
  events.push(
    { event: { 'detail-type': 'mskeeper finding', detail: { finding } } },
    { event: { 'detail-type': 'mskeeper report', detail: {} } },
  );
  expect(read()).toEqual([
    { lane: 'findings', subject: 'broker-answers: broker 2', label: 'critical: Gone.', tone: 'bad' },
  ]);
});

test.each([
  [
    'mskeeper act',
    { plan: { action: 'expand', message: 'Volumes grow.' }, end: { decision: 'adopted' } },
    'adopted: Volumes grow.',
    'good',
  ],
  [
    'mskeeper act',
    { plan: { action: 'expand', message: 'Volumes grow.' }, end: { decision: 'stopped', reason: 'kill-switch' } },
    'stopped (kill-switch): Volumes grow.',
    'warn',
  ],
  ['mskeeper plan', { plan: { action: 'hold', message: 'Storage is locked.' } }, 'hold: Storage is locked.', 'warn'],
  [
    'mskeeper plan',
    { plan: { action: 'expand', message: 'Volumes grow.' }, end: { decision: 'would-act' } },
    'would-act: Volumes grow.',
    'neutral',
  ],
])('%s on the bus is told as what was decided: %j', (detailType, detail, label, tone) => {
  const { events, read } = watch();
  events.push({ event: { 'detail-type': detailType, detail: { procedure: 'storage-scaling', ...detail } } });
  expect(read()).toEqual([{ lane: 'acts', subject: 'storage-scaling', label, tone }]);
});

test.each([
  ['[CRITICAL] drill: Broker 2 is not in the cluster', 'bad'],
  ['[CRITICAL] drill: over: Broker 2 answers.', 'good'],
  ['OK: "an alarm" in eu-west-1', 'good'],
])('people who are told %j get a mark that is %s', (subject, tone) => {
  const { inbox, read } = watch();
  inbox.push({ protocol: 'sms', topicArn: 'arn:mskeeper-drill-critical', subject, message: 'm', atMs: 7 });
  expect(read()).toMatchObject([{ subject: 'critical (sms)', tone, clockMs: 7 }]);
});

test('a durable run is told when it begins and when it ends, each once and at its time', () => {
  const { executions, read } = watch();
  const run = { arn: 'arn:run-1', name: 'drill-storage-scaling-1', status: 'RUNNING', startedAtMs: 1_000 };
  executions.push(run);
  const under = { lane: 'runs', subject: run.name, label: 'drill-storage-scaling-1 is under way' };
  expect(read()).toEqual([{ ...under, tone: 'neutral', clockMs: 1_000 }]);
  expect(read()).toEqual([]);
  executions.splice(0, 1, { ...run, status: 'SUCCEEDED', endedAtMs: 9_000 });
  expect(read()).toMatchObject([{ label: 'drill-storage-scaling-1 SUCCEEDED', tone: 'good', clockMs: 9_000 }]);
  expect(read()).toEqual([]);
});

test('a durable run that failed says why', () => {
  const { executions, read } = watch();
  const error = { ErrorType: 'ConfigError', ErrorMessage: 'no such cluster' };
  executions.push({ arn: 'a', name: 'run', status: 'FAILED', startedAtMs: 1, endedAtMs: 2, error });
  expect(read().map(({ label, tone }) => [label, tone])).toEqual([
    ['run is under way', 'neutral'],
    ['run FAILED: no such cluster', 'bad'],
  ]);
});

test('each happening is told once', () => {
  const { invocations, read } = watch();
  invocations.push(invocation({}));
  expect(read()).toHaveLength(1);
  expect(read()).toHaveLength(0);
});
