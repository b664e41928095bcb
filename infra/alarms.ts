import { type Alarm, type AlarmNotMade, alarmLogicalId, alarmResource } from './alarm.ts';
import { planBrokerAlarms } from './alarms-broker.ts';
import { planClusterAlarms } from './alarms-cluster.ts';
import { planLagAlarms } from './alarms-lag.ts';
import { planSelfAlarms } from './alarms-self.ts';
import { planStorageAlarms } from './alarms-storage.ts';
import { planTrafficAlarms } from './alarms-traffic.ts';
import { planUnavailableAlarms } from './alarms-unavailable.ts';
import type { StackContext } from './names.ts';
import type { Resources } from './template.ts';

const planners = [
  planClusterAlarms,
  planBrokerAlarms,
  planTrafficAlarms,
  planLagAlarms,
  planStorageAlarms,
  planUnavailableAlarms,
  planSelfAlarms,
];

/** Every alarm of the stack, from the policy alone: alarms and cores read the same numbers, so they cannot drift (I9). */
export const alarmsOf = (context: StackContext): readonly Alarm[] => planners.flatMap((plan) => plan(context).alarms);

/** What the policy names and no alarm watches, with the reason. */
export const alarmsNotMade = (context: StackContext): readonly AlarmNotMade[] =>
  planners.flatMap((plan) => plan(context).notMade);

export const alarmResources = (context: StackContext): Resources =>
  Object.fromEntries(alarmsOf(context).map((alarm) => [alarmLogicalId(alarm), alarmResource(context, alarm)]));
