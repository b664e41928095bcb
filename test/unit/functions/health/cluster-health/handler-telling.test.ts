import { expect, test, vi } from 'vitest';
import type { Ports } from '../../../../../functions/health/cluster-health/ports.ts';
import { healthState, metricSeries, minuteMs, noonMs } from '../../../../support/health/builders.ts';
import { changesOf, findingsOf, newsOf } from '../../../../support/health/bus.ts';
import { checkClusterHealth, healthPorts, type Outside, outside } from '../../../../support/health/health-ports.ts';
import { brokerThreeDead, fails, full, light } from './handler-under-test.ts';

const deadKey = 'broker-answers|broker 3';
const opened = `opened critical ${deadKey}`;
const closed = `closed ok ${deadKey}`;

/** What the bus was told of the broker that is dead. */
const news = ({ onBus }: Outside) => newsOf(onBus).filter((one) => one.endsWith(deadKey));

/** The bus takes everything but what is told of that broker. */
const refusesBroker =
  (kept: Outside): Ports['reportToBus'] =>
  async (events) => {
    const places = events.flatMap((event, place) => (event.detail.key === deadKey ? [place] : []));
    kept.onBus.push(...events.filter((_event, place) => !places.includes(place)));
    return places.map((place) => ({
      place,
      event: `mskeeper finding (${place})`,
      failure: 'throttled',
      message: 'ThrottlingException: slow down',
    }));
  };

test('a state that cannot be read is told, everything is told as new, and the state is left alone', async () => {
  const kept = outside();
  const applyState = vi.fn<Ports['applyState']>();
  const ports = { fetchState: fails('s3:GetObject'), applyState, fetchView: brokerThreeDead };
  await checkClusterHealth(light, healthPorts(kept, ports));
  expect(newsOf(kept.onBus)).toEqual(expect.arrayContaining([opened, 'opened warning run-history|mskeeper']));
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

test('a lost race is judged once more against what the other run left, so that it is told once', async () => {
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
  expect(newsOf(kept.onBus)).toEqual([]);
});

test.each([1, 2])('the answer to write %s of the memory is lost: a change is told once all the same', async (lost) => {
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
  expect(news(kept)).toEqual([opened]);
  expect(kept.stored?.value).toMatchObject({ runId: 'run-2', untoldByKey: {} });
  await checkClusterHealth(
    light,
    healthPorts(kept, { fetchView: brokerThreeDead, nowMs: () => noonMs + 10 * minuteMs }),
  );
  expect(news(kept)).toEqual([opened]);
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
  expect(news(kept)).toEqual([opened]);
  expect(kept.stored?.value).toMatchObject({ runId: 'run-2', openAlarms, mayWakesWait: true });
});

test('a race that is lost again and again is said, and changes are told rather than not', async () => {
  const kept = outside();
  const applyState = fails('s3:PutObject', 'conflict');
  const run = checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead, applyState }));
  await expect(run).rejects.toMatchObject({ message: expect.stringContaining('other runs wrote it 10 times') });
  expect(news(kept)).toEqual([opened]);
});

test('eight runs that as many alarms wake at once tell a change once, and none of them fails', async () => {
  const kept = outside();
  const runs = Array.from({ length: 8 }, (_, index) => {
    const ports = healthPorts(kept, { fetchView: brokerThreeDead });
    return checkClusterHealth(light, { ...ports, run: { ...ports.run, runId: `run-${index}` } });
  });
  await Promise.all(runs);
  expect(news(kept)).toEqual([opened]);
  expect(kept.stored?.value.untoldByKey).toEqual({});
});

test('what the bus refused is told by the next run, and what it took of the same run is not told again', async () => {
  const kept = outside();
  const first = healthPorts(kept, { fetchView: brokerThreeDead, reportToBus: refusesBroker(kept) });
  await expect(checkClusterHealth(light, first)).rejects.toMatchObject({
    name: 'DependencyError',
    message: expect.stringMatching(/1 of \d+ events were not accepted: mskeeper finding \(0\): ThrottlingException/),
  });
  expect(kept.reports[0]?.undelivered[0]).toContain('not on the bus');
  const others = newsOf(kept.onBus);
  expect(others.length).toBeGreaterThan(1);
  expect(news(kept)).toEqual([]);
  await checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead, nowMs: () => noonMs + 5_000 }));
  expect(newsOf(kept.onBus)).toEqual([...others, opened]);
  expect(changesOf(kept.onBus).at(-1)).toMatchObject({ sinceMs: noonMs, atMs: noonMs + 5_000 });
});

test('what the bus refused is told by the next run, also where another run wrote the state meanwhile', async () => {
  const kept = outside();
  const between = healthPorts(kept, { fetchView: brokerThreeDead });
  const reportToBus: Ports['reportToBus'] = async (events) => {
    await checkClusterHealth(light, { ...between, run: { ...between.run, runId: 'between' } });
    return refusesBroker(kept)(events);
  };
  const run = checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead, reportToBus }));
  await expect(run).rejects.toMatchObject({ name: 'DependencyError' });
  expect(news(kept)).toEqual([]);
  await checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead }));
  expect(news(kept)).toEqual([opened]);
});

test('what only a daily run judges, and the bus refused, is told by the light run after it, as it was', async () => {
  const kept = outside();
  const filling = async () => metricSeries({ KafkaDataLogsDiskUsed: 82 }, 'full');
  const refused = healthPorts(kept, { fetchMetrics: filling, reportToBus: fails('events:PutEvents') });
  await expect(checkClusterHealth(full, refused)).rejects.toMatchObject({ name: 'DependencyError' });
  const untold = Object.keys(kept.stored?.value.untoldByKey ?? {});
  const report = await checkClusterHealth(light, healthPorts(kept, { nowMs: () => noonMs + 5 * minuteMs }));
  const daily = untold.filter((key) => report.findings.every(({ check, subject }) => `${check}|${subject}` !== key));
  expect(daily).not.toEqual([]);
  for (const key of daily)
    expect(changesOf(kept.onBus).find((change) => change.key === key)).toMatchObject({ atMs: noonMs, sinceMs: noonMs });
  expect(kept.stored?.value.untoldByKey).toEqual({});
});

test('what a run was about to tell when it died is told later, also where another run wrote the state at once', async () => {
  const kept = outside();
  const died = new Error('killed');
  const reportToBus = async () => Promise.reject(died);
  const ports = healthPorts(kept, { fetchView: brokerThreeDead, reportToBus });
  await expect(checkClusterHealth(light, ports)).rejects.toBe(died);
  await checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead, nowMs: () => noonMs + 5_000 }));
  expect(news(kept)).toEqual([]);
  await checkClusterHealth(
    light,
    healthPorts(kept, { fetchView: brokerThreeDead, nowMs: () => noonMs + 5 * minuteMs }),
  );
  expect(news(kept)).toEqual([opened]);
  expect(changesOf(kept.onBus)).toContainEqual(expect.objectContaining({ key: deadKey, sinceMs: noonMs }));
});

test('a closing that the bus refused is told by the next run', async () => {
  const kept = outside();
  await checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead }));
  const untold = healthPorts(kept, { reportToBus: fails('events:PutEvents'), nowMs: () => noonMs + minuteMs });
  await expect(checkClusterHealth(light, untold)).rejects.toMatchObject({ name: 'DependencyError' });
  await checkClusterHealth(light, healthPorts(kept, { nowMs: () => noonMs + 2 * minuteMs }));
  expect(news(kept)).toEqual([opened, closed]);
  const end = changesOf(kept.onBus).findLast(({ key }) => key === deadKey);
  expect(end).toMatchObject({ sinceMs: noonMs, atMs: noonMs + minuteMs });
});

test('what eased to a notice and is over then is told as over, once', async () => {
  const kept = outside();
  const tell = async (diskUsedPercent: number, minute: number) => {
    const before = kept.onBus.length;
    await checkClusterHealth(
      full,
      healthPorts(kept, {
        fetchMetrics: async () => metricSeries({ KafkaDataLogsDiskUsed: diskUsedPercent }, 'full'),
        nowMs: () => noonMs + minute * minuteMs,
      }),
    );
    const ofBroker2 = findingsOf(kept.onBus.slice(before)).filter(({ key }) => key === 'disk-used|broker 2');
    return ofBroker2.map(({ change, finding, sinceMs }) => `${change} ${finding.severity} ${sinceMs - noonMs}`);
  };
  expect(await tell(82, 0)).toEqual(['opened warning 0']);
  expect(await tell(90, 1)).toEqual(['worse critical 0']);
  expect(await tell(90, 2)).toEqual(['still critical 0']);
  expect(await tell(75, 3)).toEqual(['eased notice 0']);
  expect(await tell(75, 4)).toEqual(['still notice 0']);
  expect(await tell(40, 5)).toEqual(['closed ok 0']);
  expect(await tell(40, 6)).toEqual([]);
});

test('the bus that takes nothing is an error, and the report is kept all the same', async () => {
  const kept = outside();
  const ports = { fetchView: brokerThreeDead, reportToBus: fails('events:PutEvents') };
  const run = checkClusterHealth(light, healthPorts(kept, ports));
  await expect(run).rejects.toMatchObject({ message: expect.stringContaining('not on the bus') });
  expect(kept.reports).toHaveLength(1);
});

test.each([
  ['the bucket', { reportToBucket: fails('s3:PutObject') }, 'report not kept'],
  ['the state', { applyState: fails('s3:PutObject') }, 'state not kept'],
])('%s that takes nothing is an error after the bus was told', async (_name, ports, text) => {
  const kept = outside();
  const run = checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead, ...ports }));
  await expect(run).rejects.toMatchObject({ message: expect.stringContaining(text) });
  expect(news(kept)).toEqual([opened]);
});
