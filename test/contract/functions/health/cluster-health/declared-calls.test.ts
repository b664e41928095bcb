import { expect } from 'vitest';
import { ownAlarmsOf } from '../../../../../infra/stack/alarms.ts';
import type { StandIn } from '../../../../../local/aws/stand-in.ts';
import { minuteMs } from '../../../../../shared/core/units.ts';
import alarm from '../../../../events/alarm-single-metric.json' with { type: 'json' };
import { testDeclaredCalls } from '../../../../support/aws/call-witness.ts';
import {
  clusterArn,
  clusterKey,
  fullCheck,
  lightCheck,
  type PackagedStack,
  usePackagedStack,
} from '../../../../support/aws/packaged-stack.ts';

const stack = usePackagedStack();

/** Nobody listens on the discard port, and the arm lets no address of this machine through: it is asked all the same. */
const unreachable = { address: '127.0.0.1:9', isBootstrapFromMsk: true };

/** An hour of a disk that is nearly full. */
const fillDisk = ({ cloudWatch }: StandIn): void => {
  const nowMs = Date.now();
  const dimensions = { 'Cluster Name': clusterKey, 'Broker ID': '1' };
  for (let minutesAgo = 60; minutesAgo > 0; minutesAgo -= 1)
    cloudWatch.publish({ namespace: 'AWS/Kafka', name: 'KafkaDataLogsDiskUsed', dimensions }, 96, {
      atMs: nowMs - minutesAgo * minuteMs,
      unit: 'Percent',
    });
};

/** One of the stack's own alarms that wakes it: whoever is woken so claims the look. */
const alarmOf = ({ witness }: PackagedStack): unknown => {
  const own = ownAlarmsOf(witness.context).alarms.find(({ wakes }) => wakes.includes('cluster-health'));
  return { ...alarm, detail: { ...alarm.detail, alarmName: own?.name } };
};

const look = async ({ check }: PackagedStack, event: unknown): Promise<void> => {
  const { functionError, report } = await check(event);
  expect(functionError, JSON.stringify(report)).toBeUndefined();
};

testDeclaredCalls(import.meta.dirname, async () => {
  const opened = await stack.open(unreachable);
  const { standIn, witness } = opened;
  // The first run writes its memory, the second reads it.
  await look(opened, alarmOf(opened));
  await look(opened, fullCheck);
  standIn.msk.setState(clusterArn, 'HEALING');
  // A full run asks every metric of a broker, a light one by the half hour.
  fillDisk(standIn);
  await look(opened, fullCheck);
  standIn.msk.setState(clusterArn, 'FAILED');
  await look(opened, lightCheck);
  return [witness];
});
