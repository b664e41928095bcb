import { expect, test, vi } from 'vitest';
import type { Ports } from '../../../../../functions/health/cluster-health/ports.ts';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import { healthState, metricSeries, minuteMs, noonMs } from '../../../../support/health/builders.ts';
import { checkClusterHealth, healthPorts, outside } from '../../../../support/health/health-ports.ts';
import { brokerThreeDead, fails, full, light } from './handler-under-test.ts';

test('a state that cannot be read is told, everything is told as new, and the state is left alone', async () => {
  const kept = outside();
  const applyState = vi.fn<Ports['applyState']>();
  const ports = { fetchState: fails('s3:GetObject'), applyState, fetchView: brokerThreeDead };
  await checkClusterHealth(light, healthPorts(kept, ports));
  expect(kept.told.map(({ severity }) => severity)).toEqual(['critical', 'warning']);
  expect(kept.told[1]?.keys).toContain('run-history|mskeeper');
  expect(applyState).not.toHaveBeenCalled();
});

test('a damaged state is replaced', async () => {
  const kept = outside();
  kept.stored = { value: healthState(), etag: 'damaged' };
  await checkClusterHealth(light, healthPorts(kept, { fetchState: fails('s3:GetObject', 'bad-answer') }));
  expect(kept.stored.value.runId).toBe('run-1');
});

test('a state that cannot be read to be set aside is left alone, and the finding says it: the run did its work', async () => {
  const kept = outside();
  kept.stored = { value: healthState(), etag: 'unreadable' };
  const fetchState = fails('s3:GetObject', 'bad-answer');
  const applyState = fails('s3:GetObject', 'bad-answer');
  const report = await checkClusterHealth(light, healthPorts(kept, { fetchState, applyState }));
  expect(report.undelivered).toEqual([]);
  expect(report.findings.find(({ check }) => check === 'run-history')).toMatchObject({ severity: 'warning' });
  expect(kept.stored.etag).toBe('unreadable');
});

test('a lost race is judged once more against what the other run left, so that people are told once', async () => {
  const kept = outside();
  const other = outside();
  const others = healthPorts(other, { fetchView: brokerThreeDead });
  await checkClusterHealth(light, { ...others, run: { ...others.run, runId: 'run-2' } });
  const ports = healthPorts(kept, { fetchView: brokerThreeDead });
  let reads = 0;
  const fetchState: Ports['fetchState'] = async () => {
    const before = kept.stored;
    reads += 1;
    if (reads === 1) kept.stored = other.stored;
    return before;
  };
  await checkClusterHealth(light, { ...ports, fetchState });
  expect(reads).toBe(2);
  expect(kept.told).toEqual([]);
});

test.each([1, 2])('the answer to write %s of the memory is lost: people are told once all the same', async (lost) => {
  const kept = outside();
  await checkClusterHealth(light, healthPorts(kept));
  const ports = healthPorts(kept, { fetchView: brokerThreeDead, nowMs: () => noonMs + 5 * minuteMs });
  let writes = 0;
  // The SDK's own second try of a write whose answer was lost: the condition fails against what the first one wrote.
  const applyState: Ports['applyState'] = async (state, condition) => {
    const written = await ports.applyState(state, condition);
    writes += 1;
    return writes === lost ? ports.applyState(state, condition) : written;
  };
  await checkClusterHealth(light, { ...ports, run: { ...ports.run, runId: 'run-2' }, applyState });
  expect(kept.told.map(({ severity }) => severity)).toEqual(['critical']);
  expect(kept.stored?.value).toMatchObject({ runId: 'run-2' });
  expect(kept.stored?.value.announcing).toBeUndefined();
  await checkClusterHealth(
    light,
    healthPorts(kept, { fetchView: brokerThreeDead, nowMs: () => noonMs + 10 * minuteMs }),
  );
  expect(kept.told).toHaveLength(1);
});

test('an alarm that another run remembered over a write whose answer was lost stays remembered', async () => {
  const kept = outside();
  await checkClusterHealth(light, healthPorts(kept));
  const ports = healthPorts(kept, { fetchView: brokerThreeDead, nowMs: () => noonMs + 5 * minuteMs });
  const openAlarms = { cpu: { rule: 'cpu-used', wokenAtMs: noonMs + 5 * minuteMs } };
  let writes = 0;
  const applyState: Ports['applyState'] = async (state, condition) => {
    const written = await ports.applyState(state, condition);
    writes += 1;
    if (writes > 1) return written;
    await ports.applyState({ ...state, openAlarms, mayWakesWait: true }, written);
    return ports.applyState(state, condition);
  };
  await checkClusterHealth(light, { ...ports, run: { ...ports.run, runId: 'run-2' }, applyState });
  expect(kept.told.map(({ severity }) => severity)).toEqual(['critical']);
  expect(kept.stored?.value).toMatchObject({ runId: 'run-2', openAlarms, mayWakesWait: true });
});

test('a race that is lost again and again is said, and people are told rather than not', async () => {
  const kept = outside();
  const applyState = fails('s3:PutObject', 'conflict');
  const run = checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead, applyState }));
  await expect(run).rejects.toMatchObject({ message: expect.stringContaining('other runs wrote it 10 times') });
  expect(kept.told).toHaveLength(1);
});

test('eight runs that as many alarms wake at once tell people once, and none of them fails', async () => {
  const kept = outside();
  const runs = Array.from({ length: 8 }, (_, index) => {
    const ports = healthPorts(kept, { fetchView: brokerThreeDead });
    return checkClusterHealth(light, { ...ports, run: { ...ports.run, runId: `run-${index}` } });
  });
  await Promise.all(runs);
  expect(kept.told).toHaveLength(1);
  expect(kept.stored?.value.announcing).toBeUndefined();
});

test('what a topic did not take is told by the next run, also where another run wrote the state meanwhile', async () => {
  const kept = outside();
  const between = healthPorts(kept, { fetchView: brokerThreeDead });
  const reportToTopic: Ports['reportToTopic'] = async () => {
    await checkClusterHealth(light, { ...between, run: { ...between.run, runId: 'between' } });
    throw new DependencyError('sns:Publish', 'throttled', 'throttled');
  };
  const run = checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead, reportToTopic }));
  await expect(run).rejects.toMatchObject({ name: 'DependencyError' });
  expect(kept.told).toEqual([]);
  await checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead }));
  expect(kept.told).toMatchObject([{ severity: 'critical' }]);
});

test('what a run was about to tell when it died is told later, also where another run wrote the state at once', async () => {
  const kept = outside();
  const died = new Error('killed');
  const reportToTopic = async () => Promise.reject(died);
  const ports = healthPorts(kept, { fetchView: brokerThreeDead, reportToTopic });
  await expect(checkClusterHealth(light, ports)).rejects.toBe(died);
  await checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead, nowMs: () => noonMs + 5_000 }));
  expect(kept.told).toEqual([]);
  await checkClusterHealth(
    light,
    healthPorts(kept, { fetchView: brokerThreeDead, nowMs: () => noonMs + 5 * minuteMs }),
  );
  expect(kept.told).toMatchObject([{ severity: 'critical' }]);
});

test('what a topic did not take is told by the next run, and this run errors', async () => {
  const kept = outside();
  const first = healthPorts(kept, { fetchView: brokerThreeDead, reportToTopic: fails('sns:Publish', 'throttled') });
  await expect(checkClusterHealth(light, first)).rejects.toMatchObject({ name: 'DependencyError' });
  expect(kept.reports[0]?.undelivered[0]).toContain('sns:Publish');
  await checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead, nowMs: () => noonMs + minuteMs }));
  expect(kept.told).toMatchObject([{ severity: 'critical' }]);
});

test('a closing that a topic did not take is told by the next run', async () => {
  const kept = outside();
  await checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead }));
  const untold = healthPorts(kept, { reportToTopic: fails('sns:Publish'), nowMs: () => noonMs + minuteMs });
  await expect(checkClusterHealth(light, untold)).rejects.toMatchObject({ name: 'DependencyError' });
  await checkClusterHealth(light, healthPorts(kept, { nowMs: () => noonMs + 2 * minuteMs }));
  expect(kept.told.at(-1)?.headline).toMatch(/^over: /);
});

test('what eased to a notice and is over then is told as over, once, to those who heard of it', async () => {
  const kept = outside();
  const lookAt = (diskUsedPercent: number, minute: number) =>
    checkClusterHealth(
      full,
      healthPorts(kept, {
        fetchMetrics: async () => metricSeries({ KafkaDataLogsDiskUsed: diskUsedPercent }, 'full'),
        nowMs: () => noonMs + minute * minuteMs,
      }),
    );
  const tell = async (diskUsedPercent: number, minute: number) => {
    const before = kept.told.length;
    await lookAt(diskUsedPercent, minute);
    return kept.told.slice(before).map(({ severity, headline }) => `${severity} ${headline.split(' ', 1)}`);
  };
  expect(await tell(82, 0)).toEqual(['warning broker']);
  expect(await tell(90, 1)).toEqual(['critical broker']);
  expect(await tell(75, 2)).toEqual(['critical broker', 'warning broker']);
  expect(await tell(40, 3)).toEqual(['critical over:', 'warning over:']);
  expect(await tell(40, 4)).toEqual([]);
});

test.each([
  ['the bus', { reportToBus: fails('events:PutEvents') }, 'not on the bus'],
  ['the bucket', { reportToBucket: fails('s3:PutObject') }, 'report not kept'],
  ['the state', { applyState: fails('s3:PutObject') }, 'state not kept'],
])('%s that takes nothing is an error after people were told', async (_name, ports, text) => {
  const kept = outside();
  const run = checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead, ...ports }));
  await expect(run).rejects.toMatchObject({ message: expect.stringContaining(text) });
  expect(kept.told).toHaveLength(1);
});
