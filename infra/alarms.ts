import { type Alarm, alarmLogicalId, alarmResource } from './alarm.ts';
import { brokerAlarms } from './alarms-broker.ts';
import { clusterAlarms } from './alarms-cluster.ts';
import { selfAlarms } from './alarms-self.ts';
import type { StackContext } from './names.ts';
import type { Resources } from './template.ts';

/** Every alarm of the stack, from the policy alone: alarms and cores read the same numbers, so they cannot drift (I9). */
export const alarmsOf = (context: StackContext): readonly Alarm[] => [
  ...clusterAlarms(context),
  ...brokerAlarms(context),
  ...selfAlarms(context),
];

export const alarmResources = (context: StackContext): Resources =>
  Object.fromEntries(alarmsOf(context).map((alarm) => [alarmLogicalId(alarm), alarmResource(context, alarm)]));
