import { describe, expect, test } from 'vitest';
import type { MetricAlarm, MissingDataTreatment } from '../../../../../../local/aws/services/cloudwatch/alarm.ts';
import { createAlarmWatch } from '../../../../../../local/aws/services/cloudwatch/alarm-watch.ts';
import { createMetricStore, sampleOfValues } from '../../../../../../local/aws/services/cloudwatch/metric-store.ts';
import { createPeriodScale } from '../../../../../../local/aws/services/cloudwatch/period-scale.ts';
import { manualClock } from '../../../../../../local/clock.ts';

const startMs = Date.parse('2026-11-21T06:00:00Z');
const metric = { namespace: 'N', name: 'm', dimensions: {} };

/** A watch over one alarm on the maximum of one metric above 5; `moves` lists its transitions by world time. */
async function watchOne(options: {
  missingData?: MissingDataTreatment;
  periodSeconds?: number;
  evaluationPeriods?: number;
  datapointsToAlarm?: number;
  scale?: number;
  warmUpMinutes?: number;
}) {
  const { missingData = 'missing', periodSeconds = 60, evaluationPeriods = 1, scale = 1 } = options;
  const clock = manualClock(startMs);
  const store = createMetricStore();
  const moves: string[] = [];
  const watch = createAlarmWatch({
    clock,
    store,
    scale: createPeriodScale(scale),
    onTransition: async ({ state }) =>
      void moves.push(`${Math.round((clock.nowMs() - startMs) / 1000)} s ${state.value}`),
  });
  const alarm: MetricAlarm = {
    kind: 'metric',
    name: 'a',
    arn: 'arn:a',
    description: undefined,
    isActionsEnabled: true,
    actions: { OK: [], ALARM: [], INSUFFICIENT_DATA: [] },
    queries: [
      {
        id: 'm1',
        label: undefined,
        isReturned: true,
        of: {
          kind: 'metric',
          stat: { metric, periodSeconds, stat: 'Maximum', statistic: { kind: 'Maximum' }, unit: undefined },
        },
      },
    ],
    isMath: false,
    periodSeconds,
    evaluationPeriods,
    datapointsToAlarm: options.datapointsToAlarm ?? evaluationPeriods,
    threshold: 5,
    comparison: 'GreaterThanThreshold',
    missingData,
    warmUpMinutes: options.warmUpMinutes ?? 0,
  };
  await watch.put(alarm);
  watch.start();
  const publish = (second: number, value: number) =>
    store.put(metric, sampleOfValues(startMs + second * 1000, [{ value, count: 1 }]));
  return { clock, moves, publish, advance: (second: number) => clock.advanceTo(startMs + second * 1000) };
}

describe('an alarm on a clock', () => {
  test('is not judged while it warms up, whatever the data say', async () => {
    const { moves, publish, advance } = await watchOne({ warmUpMinutes: 5 });
    for (let minute = 0; minute < 10; minute += 1) publish(minute * 60, 9);
    await advance(299);
    expect(moves).toEqual([]);
    await advance(300);
    expect(moves).toEqual(['300 s ALARM']);
  });

  test('uses only whole periods that have ended', async () => {
    const { moves, publish, advance } = await watchOne({});
    publish(0, 9);
    publish(60, 1);
    await advance(119);
    expect(moves).toEqual(['60 s ALARM']);
    await advance(120);
    expect(moves).toEqual(['60 s ALARM', '120 s OK']);
  });

  test('judges a five-minute period every minute on a window that slides', async () => {
    const { moves, publish, advance } = await watchOne({ periodSeconds: 300, missingData: 'notBreaching' });
    publish(65, 9);
    await advance(900);
    // In view from the first minute after it; the window of 300 s leaves it behind at 420 s, but its two spare periods
    // still hold it as the newest real datapoint until there is none.
    expect(moves[0]).toBe('60 s OK');
    expect(moves[1]).toBe('120 s ALARM');
  });

  test('re-judges the last datapoints until the evaluation range has passed, then follows its missing-data treatment', async () => {
    const ends: Record<string, string[]> = {};
    for (const missingData of ['missing', 'ignore', 'breaching', 'notBreaching'] as const) {
      const { moves, publish, advance } = await watchOne({ missingData });
      publish(0, 9);
      await advance(600);
      ends[missingData] = moves;
    }
    // N = 1 looks at 3 periods: the datapoint of 0–60 s is out of view at 240 s.
    expect(ends).toEqual({
      missing: ['60 s ALARM', '240 s INSUFFICIENT_DATA'],
      ignore: ['60 s ALARM'],
      breaching: ['60 s ALARM'],
      notBreaching: ['60 s ALARM', '240 s OK'],
    });
  });

  test('of ten seconds is judged every ten seconds', async () => {
    const { moves, publish, advance } = await watchOne({ periodSeconds: 10, evaluationPeriods: 2 });
    publish(1, 9);
    publish(11, 9);
    await advance(20);
    expect(moves.at(-1)).toBe('20 s ALARM');
  });

  test('in a shortened world lets 60 s pass in 5 s', async () => {
    const { moves, publish, advance } = await watchOne({ scale: 5 / 60, evaluationPeriods: 3, datapointsToAlarm: 2 });
    publish(1, 9);
    publish(6, 1);
    publish(11, 9);
    await advance(14.9);
    expect(moves).toEqual(['5 s OK']);
    await advance(15.1);
    expect(moves.at(-1)).toBe('15 s ALARM');
  });
});

test.each([0, -1, 1.1, Number.NaN])('a period scale of %d is refused', (scale) => {
  expect(() => createPeriodScale(scale)).toThrow(RangeError);
});
