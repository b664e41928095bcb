import type { OwnAlarms } from '../../shared/core/own-alarms.ts';
import {
  type Alarm,
  type AlarmNotMade,
  type AlarmPlan,
  alarmLogicalId,
  alarmResource,
  nameOfAlarm,
} from '../../shared/deployment/alarm.ts';
import { alarmPrefixOf, type StackContext } from '../../shared/deployment/names.ts';
import { resourcesOf } from '../../shared/deployment/resources.ts';
import type { Resources } from '../../shared/deployment/template.ts';
import { productParts, type StackParts } from '../functions.ts';
import { planSelfAlarms } from './alarms-self.ts';
import { planUnavailableAlarms } from './alarms-unavailable.ts';

const planAll = (context: StackContext, { alarms }: Pick<StackParts, 'alarms'>): readonly AlarmPlan[] =>
  [...alarms, planUnavailableAlarms, planSelfAlarms].map((plan) => plan(context));

/** Every alarm of the stack, from the policy alone: alarms and cores read the same numbers, so they cannot drift (I9). */
export const alarmsOf = (context: StackContext, parts: Pick<StackParts, 'alarms'> = productParts): readonly Alarm[] =>
  planAll(context, parts).flatMap(({ alarms }) => alarms);

/** What the policy names and no alarm watches, with the reason. */
export const alarmsNotMade = (
  context: StackContext,
  parts: Pick<StackParts, 'alarms'> = productParts,
): readonly AlarmNotMade[] => planAll(context, parts).flatMap(({ notMade }) => notMade);

/** What the bundles know of the stack's alarms. */
export const ownAlarmsOf = (context: StackContext, parts?: Pick<StackParts, 'alarms'>): OwnAlarms => ({
  accountId: context.cluster.accountId,
  region: context.cluster.region,
  prefix: alarmPrefixOf(context),
  alarms: alarmsOf(context, parts).map((alarm) => ({
    name: nameOfAlarm(context, alarm),
    rule: alarm.slug,
    wakes: context.functions.flatMap(({ slug, isWokenByAlarms }) =>
      isWokenByAlarms && slug === alarm.owner ? [slug] : [],
    ),
  })),
});

export const alarmResources = (context: StackContext, parts?: Pick<StackParts, 'alarms'>): Resources =>
  resourcesOf(alarmsOf(context, parts).map((alarm) => [alarmLogicalId(alarm), alarmResource(context, alarm)]));
