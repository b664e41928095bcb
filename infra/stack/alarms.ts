import type { OwnAlarms } from '../../shared/core/own-alarms.ts';
import {
  type Alarm,
  type AlarmNotMade,
  type AlarmPlan,
  alarmLogicalId,
  alarmResource,
  nameOfAlarm,
} from '../../shared/deployment/alarm.ts';
import type { FunctionDefinition } from '../../shared/deployment/function-definition.ts';
import { alarmOwnerPrefixOf, alarmPrefixOf, type StackContext } from '../../shared/deployment/names.ts';
import { type ResourceEntry, resourcesOf } from '../../shared/deployment/resources.ts';
import { tellerOf } from '../../shared/deployment/teller.ts';
import type { Resources } from '../../shared/deployment/template.ts';
import { productParts, type StackParts } from '../functions.ts';
import { fallbackPrefixesOf, planFallback } from './alarms-fallback.ts';
import { planSelfAlarms } from './alarms-self.ts';
import { planUnavailableAlarms } from './alarms-unavailable.ts';
import { type Composite, compositeResource } from './composite.ts';

const planAll = (context: StackContext, { alarms }: Pick<StackParts, 'alarms'>): readonly AlarmPlan[] =>
  [...alarms, planUnavailableAlarms, planSelfAlarms].map((plan) => plan(context));

/** Every alarm of the stack, from the policy alone: alarms and cores read the same numbers, so they cannot drift (I9). */
export const alarmsOf = (context: StackContext, parts: Pick<StackParts, 'alarms'> = productParts): readonly Alarm[] =>
  planAll(context, parts).flatMap(({ alarms }) => alarms);

/** What the policy names and no alarm watches, with the reason. */
export const alarmsNotMade = (
  context: StackContext,
  parts: Pick<StackParts, 'alarms'> = productParts,
): readonly AlarmNotMade[] => [
  ...planAll(context, parts).flatMap(({ notMade }) => notMade),
  ...planFallback(context, alarmsOf(context, parts)).notMade,
];

/** Composites of the stack: none while alarms tell people themselves. */
export const compositesOf = (context: StackContext, parts?: Pick<StackParts, 'alarms'>): readonly Composite[] =>
  planFallback(context, alarmsOf(context, parts)).composites;

/** What the names of alarms begin with that tell of whoever tells people, and are not for its ears. */
export const tellingPrefixesOf = (context: StackContext, parts?: Pick<StackParts, 'alarms'>): readonly string[] => {
  const own = alarmsOf(context, parts).filter(({ tellsItself }) => tellsItself === true);
  const prefixes = own.map(({ owner, slug }) => `${alarmOwnerPrefixOf(context, owner)}${slug}/`);
  return [...new Set([...prefixes, ...fallbackPrefixesOf(context)])];
};

const isWokenBy = (
  { slug, isWokenByAlarms, tellsPeople }: FunctionDefinition,
  { owner, tellsItself }: Alarm,
): boolean => (isWokenByAlarms && slug === owner) || (tellsPeople && tellsItself !== true);

/** What the bundles know of the stack's alarms. */
export const ownAlarmsOf = (context: StackContext, parts?: Pick<StackParts, 'alarms'>): OwnAlarms => {
  const teller = tellerOf(context)?.slug;
  return {
    accountId: context.cluster.accountId,
    region: context.cluster.region,
    prefix: alarmPrefixOf(context),
    alarms: alarmsOf(context, parts).map((alarm) => ({
      name: nameOfAlarm(context, alarm),
      rule: alarm.slug,
      wakes: context.functions.flatMap((one) => (isWokenBy(one, alarm) ? [one.slug] : [])),
      ...(teller !== undefined && {
        sentence: alarm.sentence,
        ...(alarm.of !== undefined && { subject: alarm.of }),
      }),
    })),
    ...(teller !== undefined && { teller }),
  };
};

export const alarmResources = (context: StackContext, parts?: Pick<StackParts, 'alarms'>): Resources =>
  resourcesOf([
    ...alarmsOf(context, parts).map((alarm): ResourceEntry => [alarmLogicalId(alarm), alarmResource(context, alarm)]),
    ...compositesOf(context, parts).map((one): ResourceEntry => [one.logicalId, compositeResource(one)]),
  ]);
