import { expect, test } from 'vitest';
import { createCloudWatch } from '../../../local/aws/services/cloudwatch/cloudwatch.ts';
import { alarmResource } from '../../../shared/deployment/alarm.ts';
import { START_MS, serveAws } from '../../support/aws/aws.ts';
import { createResource } from '../../support/aws/aws-resource.ts';
import { alarmsNamed } from '../../unit/infra/stack/alarms-under-test.ts';
import { contextWith } from '../../unit/infra/stack/stack-under-test.ts';

const aws = serveAws();
const minuteMs = 60_000;

/** One critical alarm of the template on three brokers, and what each broker sends, by minute; undefined is silence. */
const openAlarm = async (slug: string, metrics: readonly string[]) => {
  const watch = createCloudWatch(aws.world, { putEvent: async () => {} });
  const alarm = alarmsNamed({}, slug).find(({ severity }) => severity === 'critical');
  if (alarm === undefined) throw new Error(`no critical alarm ${slug}`);
  const { Properties } = alarmResource(contextWith(), alarm);
  await createResource(aws.world, 'AWS::CloudWatch::Alarm', { ...Properties, AlarmName: slug, AlarmActions: [] });
  watch.start();
  const startMs = Math.ceil(Math.max(START_MS, aws.clock.nowMs()) / minuteMs) * minuteMs;
  let minute = 0;
  /** Minutes in which every broker sends its value of the list, and the state after each. */
  const run = async (minutes: number, values: readonly (number | undefined)[]) => {
    const states: (string | undefined)[] = [];
    for (const until = minute + minutes; minute < until; minute += 1) {
      for (const [index, value] of values.entries()) {
        if (value === undefined) continue;
        const dimensions = { 'Cluster Name': 'orders-live', 'Broker ID': String(index + 1) };
        for (const name of metrics)
          watch.publish({ namespace: 'AWS/Kafka', name, dimensions }, value, { atMs: startMs + minute * minuteMs });
      }
      await aws.clock.advanceTo(startMs + (minute + 1) * minuteMs);
      states.push(watch.alarms.get(slug)?.state.value);
    }
    return states;
  };
  return { run, stop: () => watch.stop() };
};

test('a broker that restarts with a full disk leaves its group in ALARM, however empty the others are', async () => {
  const { run, stop } = await openAlarm('disk-used', ['KafkaDataLogsDiskUsed']);
  expect((await run(15, [20, 90, 20])).at(-1)).toBe('ALARM');
  expect(new Set(await run(15, [20, undefined, 20]))).toEqual(new Set(['ALARM']));
  expect(new Set(await run(30, [20, 90, 20]))).toEqual(new Set(['ALARM']));
  // Silent for longer than the alarm looks back: the rest of the group decides, so its OK is no proof.
  expect((await run(40, [20, undefined, 20])).at(-1)).toBe('OK');
  stop();
});

test('a disk that was emptied takes its group out of ALARM', async () => {
  const { run, stop } = await openAlarm('disk-used', ['KafkaDataLogsDiskUsed']);
  await run(15, [20, 90, 20]);
  expect((await run(15, [20, 40, 20])).at(-1)).toBe('ALARM');
  expect((await run(2, [20, 40, 20])).at(-1)).toBe('OK');
  stop();
});

test('a group of which every broker is silent keeps its state', async () => {
  const { run, stop } = await openAlarm('disk-used', ['KafkaDataLogsDiskUsed']);
  await run(15, [20, 90, 20]);
  expect((await run(40, [undefined, undefined, undefined])).at(-1)).toBe('ALARM');
  stop();
});

test('the busiest broker opens its group’s alarm, by the sum of its own two metrics and never of two brokers', async () => {
  const { run, stop } = await openAlarm('cpu-used', ['CpuUser', 'CpuSystem']);
  expect((await run(10, [44, 30, 40])).at(-1)).toBe('OK');
  expect((await run(5, [10, 10, 46])).at(-1)).toBe('ALARM');
  // A second broker of the group changes nothing that anybody hears: the look asks every broker while it is in ALARM.
  expect(new Set(await run(5, [46, 10, 46]))).toEqual(new Set(['ALARM']));
  expect(new Set(await run(5, [46, 10, 10]))).toEqual(new Set(['ALARM']));
  expect((await run(1, [10, 10, 10])).at(-1)).toBe('OK');
  stop();
});
