import { expect, test } from 'vitest';
import { AwsError } from '../../../../local/aws/service.ts';
import { renderSummary } from '../../../../local/drill/summary.ts';
import { openTimeline } from '../../../../local/drill/timeline.ts';
import { rateSeconds, worstCaseParts, worstCaseSentence } from '../../../../local/drill/worst-case.ts';
import { CloseError, openClosers } from '../../../../local/world/closers.ts';
import { configureFor, readWorldConfiguration } from '../../../../local/world/configuration.ts';
import { openFailures } from '../../../../local/world/failures.ts';
import { openPhases } from '../../../../local/world/phases.ts';
import { parseStatus, treeMemoryMiB } from '../../../../local/world/process-memory.ts';
import { drillWorld } from '../../../support/drill/world.ts';

test('a failure on the side of AWS is named by its code, another by what it says', () => {
  const told: string[] = [];
  const failures = openFailures((sentence) => void told.push(sentence));
  failures.record('A timer', new AwsError('ResourceNotFoundException', 404, 'No such function.'));
  failures.record('The pump', new TypeError('x is undefined'));
  failures.record('The pump', new Error('no broker'));
  expect(failures.all()).toEqual([
    'A timer failed: ResourceNotFoundException: No such function.',
    'The pump failed: TypeError: x is undefined',
    'The pump failed: no broker',
  ]);
  expect(told).toEqual(failures.all());
});

test('what was opened is closed newest first and once, and one that fails keeps no other from closing', async () => {
  const closed: string[] = [];
  const closers = openClosers();
  closers.add(async () => void closed.push('first'));
  closers.add(() => Promise.reject(new Error('stuck')));
  closers.add(async () => void closed.push('last'));
  await expect(closers.close()).rejects.toThrow(CloseError);
  expect(closed).toEqual(['last', 'first']);
  await closers.close();
  expect(closed).toHaveLength(2);
});

test('a phase counts all its parts, also one that fails', async () => {
  let nowMs = 0;
  const phases = openPhases(() => nowMs);
  const during = (ms: number, fails = false) =>
    phases.during('scenarios', async () => {
      nowMs += ms;
      if (fails) throw new Error('no');
    });
  await during(1_500);
  await expect(during(500, true)).rejects.toThrow('no');
  expect(phases.seconds()).toEqual({ scenarios: 2 });
});

test('memory is that of a process and all its descendants, and of nobody else', () => {
  const status = (name: string, parent: number, kib: number) =>
    `Name:\t${name}\nPPid:\t${parent}\nVmHWM:\t 999 kB\nVmRSS:\t    ${kib} kB\n`;
  const processes = [
    parseStatus(10, status('drill', 1, 1024)),
    parseStatus(11, status('sh', 10, 2048)),
    parseStatus(12, status('java', 11, 4096)),
    parseStatus(13, status('other', 1, 8192)),
    parseStatus(14, 'Name:\tzombie\nPPid:\t10\n'),
  ].filter((each) => each !== undefined);
  expect(processes).toHaveLength(4);
  expect(treeMemoryMiB(processes, 10)).toBe(7);
});

test('an earlier moment of the world is earlier in real time, as its clock says', () => {
  let realMs = 100;
  const timeline = openTimeline({ nowMs: () => 20_000, realMsSince: (ms) => (20_000 - ms) / 20 }, () => realMs);
  realMs = 2_100;
  const told = { lane: 'functions', subject: 'f', label: 'ran', tone: 'good' } as const;
  timeline.record(told);
  timeline.record({ ...told, clockMs: 10_000 });
  expect(timeline.moments().map(({ atMs, clockMs }) => [atMs, clockMs])).toEqual([
    [1_500, 10_000],
    [2_000, 20_000],
  ]);
});

test('the worst case is the schedule, the longest check and the alarm, as they are deployed', () => {
  const alarm = { kind: 'metric', name: 'x-brokers-unreachable-critical', periodSeconds: 60, datapointsToAlarm: 2 };
  const check = { functionName: 'mskeeper-drill-cluster-health', durationMs: 500, initMs: 200 };
  const world = drillWorld({
    scheduler: { schedules: () => [{ name: 'x-cluster-health-light', expression: 'rate(5 minutes)' }] },
    cloudWatch: { alarms: new Map([['a', { alarm }]]), alarmPeriodScale: 1 },
    lambda: { invocations: [check, { ...check, durationMs: 1_300 }, { functionName: 'other', durationMs: 9_000 }] },
  });
  const parts = worstCaseParts(world);
  expect(parts).toEqual({ scheduleSeconds: 300, checkSeconds: 1.5, alarmSeconds: 120 });
  expect(worstCaseSentence(parts)).toContain('named 301.5 s later');
  expect(worstCaseSentence(parts)).toContain('421.5 s in all');
  expect(() => rateSeconds('cron(0 9 * * ? *)')).toThrow('is no rate');
});

test("on somebody else's cluster every topic has a name of the drill's own, and no more copies than brokers", () => {
  const brokers = { brokers: [{ id: 1, address: 'a:1' }], bootstrapServers: ['a:1'] };
  const { cluster } = configureFor(readWorldConfiguration(), brokers, 'mskeeper-drill-x-');
  const { critical, flowing } = cluster.topics;
  for (const { name } of [...critical, ...flowing]) expect(name).toMatch(/^mskeeper-drill-x-/);
  expect(critical.map(({ replicationFactor }) => replicationFactor)).toEqual([1, 1]);
  expect(cluster).toMatchObject({ brokerCount: 1, bootstrap: 'a:1' });
});

test('the summary counts, tells times, memory and the worst case, and names what broke in the world', () => {
  const scenario = {
    name: 'healthy',
    title: '',
    runbookRows: [],
    outcome: 'passed',
    durationSeconds: 14.6,
    expectations: [{ text: 't', isMet: true, seen: 's' }],
    conclusions: ['Worst case by schedule: 301 s.'],
    moments: [],
    charts: [],
    stories: [],
    measurements: {},
  } as const;
  const summary = renderSummary({
    version: 1,
    startedAt: '',
    durationSeconds: 40,
    outcome: 'failed',
    world: {
      kafkaVersion: '4.3.1',
      brokerCount: 3,
      areBrokersOwn: false,
      clusterKey: 'drill',
      clockRate: 20,
      peakMemoryMiB: 1126,
      phaseSeconds: { brokers: 3.44, scenarios: 31.2 },
      measuredMetrics: [],
      synthesisedMetrics: [],
      scales: [],
      failures: ['The pump failed: no'],
    },
    scenarios: [scenario],
  });
  expect(summary.split('\n')).toEqual([
    'scenario  outcome  met  took',
    'healthy   passed   1/1  14.6 s',
    '',
    'Worst case by schedule: 301 s.',
    'The pump failed: no',
    'Took: brokers 3.4 s, scenarios 31.2 s; 40.0 s in all.',
    'Memory of all processes together: at most 1126 MiB.',
    "The brokers were not the drill's own.",
    '1 passed, 0 failed, and the world itself broke',
  ]);
});
