import { planStorageAlarms } from '../../functions/capacity/storage-scaling/alarms.ts';
import { planBrokerAlarms } from '../../functions/health/cluster-health/alarms/broker.ts';
import { planClusterAlarms } from '../../functions/health/cluster-health/alarms/cluster.ts';
import { planTrafficAlarms } from '../../functions/health/cluster-health/alarms/traffic.ts';
import { planLagAlarms } from '../../functions/health/consumer-lag/alarms.ts';
import type { OwnAlarms } from '../../shared/core/own-alarms.ts';
import {
  type Alarm,
  type AlarmNotMade,
  alarmLogicalId,
  alarmResource,
  nameOfAlarm,
} from '../../shared/deployment/alarm.ts';
import { alarmPrefixOf, type StackContext } from '../../shared/deployment/names.ts';
import { resourcesOf } from '../../shared/deployment/resources.ts';
import type { Resources } from '../../shared/deployment/template.ts';
import { planSelfAlarms } from './alarms-self.ts';
import { planUnavailableAlarms } from './alarms-unavailable.ts';

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

/** What the bundles know of the stack's alarms. */
export const ownAlarmsOf = (context: StackContext): OwnAlarms => ({
  accountId: context.cluster.accountId,
  region: context.cluster.region,
  prefix: alarmPrefixOf(context),
  alarms: alarmsOf(context).map((alarm) => ({
    name: nameOfAlarm(context, alarm),
    rule: alarm.slug,
    wakes: context.functions.flatMap(({ slug, isWokenByAlarms }) =>
      isWokenByAlarms && slug === alarm.owner ? [slug] : [],
    ),
  })),
});

export const alarmResources = (context: StackContext): Resources =>
  resourcesOf(alarmsOf(context).map((alarm) => [alarmLogicalId(alarm), alarmResource(context, alarm)]));
