import {
  type Alarm,
  type AlarmNotMade,
  type AlarmSeverity,
  alarmLogicalId,
  nameOfAlarm,
  priorityOf,
  selfTopicOf,
} from '../../shared/deployment/alarm.ts';
import { alarmOwnerPrefixOf, type StackContext } from '../../shared/deployment/names.ts';
import { incidentSilent } from './alarms-teller.ts';
import { type Child, type Composite, compositeIdentity, groupChildren } from './composite.ts';

/** What pages at once or within the hour, I2. A warning waits until somebody has mended mskeeper. */
const severities = ['emergency', 'critical'] as const satisfies readonly AlarmSeverity[];

const nobodyTold = 'nobody-told';
const anyAlarm = 'any-alarm';

/** What the names of these composites begin with: what they tell is not for whom they watch. */
export const fallbackPrefixesOf = (context: StackContext): readonly string[] =>
  [nobodyTold, anyAlarm].map((slug) => `${alarmOwnerPrefixOf(context, 'self')}${slug}/`);

const childOf = (context: StackContext, alarm: Alarm): Child => {
  const name = nameOfAlarm(context, alarm);
  return { logicalId: alarmLogicalId(alarm), name, bytes: Buffer.byteLength(name) };
};

const planSeverity = (
  context: StackContext,
  severity: (typeof severities)[number],
  children: readonly Child[],
  silent: Child,
): readonly Composite[] => {
  const { clusterKey } = context;
  const priority = priorityOf[severity];
  const { groups, anyOf } = groupChildren(children, silent, (group, number) => ({
    ...compositeIdentity(context, anyAlarm, severity, `group-${number}`),
    anyOf: group,
    description: `Part of the ${severity} alarms of ${clusterKey}, for ${nobodyTold}: it tells nobody.`,
    actions: [],
  }));
  const top: Composite = {
    ...compositeIdentity(context, nobodyTold, severity),
    anyOf,
    during: silent,
    description: `${priority} ${severity}, ${clusterKey}: an alarm of this severity fires and mskeeper does not say that it told people. Look at the alarms of ${clusterKey} in CloudWatch: more of them make no second message. Runbook: docs/runbook/mskeeper-itself.md.`,
    actions: [selfTopicOf(severity)],
  };
  return [...groups, top];
};

/**
 * How people hear of P0 and P1 where mskeeper is dead: neither our code nor a key of ours is on this way. For each of the two
 * severities a composite that is in ALARM while any alarm of it is, of any owner but mskeeper itself, and while incident does not
 * say that it dealt with all of them. Several alarms at once make one message a severity, and so does one after the other.
 *
 * @param alarms of the whole stack
 * @returns no composites while alarms tell people themselves
 */
export const planFallback = (
  context: StackContext,
  alarms: readonly Alarm[],
): { readonly composites: readonly Composite[]; readonly notMade: readonly AlarmNotMade[] } => {
  const silent = incidentSilent(context);
  if (silent === undefined) return { composites: [], notMade: [] };
  const plans = severities.map((severity) => {
    const own = alarms.filter((alarm) => alarm.owner !== 'self' && alarm.severity === severity);
    return { severity, children: own.map((alarm) => childOf(context, alarm)) };
  });
  return {
    composites: plans.flatMap(({ severity, children }) =>
      children.length === 0 ? [] : planSeverity(context, severity, children, childOf(context, silent)),
    ),
    notMade: plans
      .filter(({ children }) => children.length === 0)
      .map(({ severity }) => ({
        what: `${nobodyTold} ${severity}`,
        because: 'no alarm of this cluster has that severity',
      })),
  };
};
