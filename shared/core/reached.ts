import type { ChannelEndpoint, Channels, Configuration, NotificationTopic, SnsEndpoint } from './configuration.ts';
import { compareSeverities } from './finding.ts';
import type { Policy } from './policy.ts';

/** What says who is reached: endpoints, contacts, ladders. */
export type Reaching = Pick<Configuration, 'channels' | 'contacts'> & {
  readonly policy: Pick<Policy, 'escalation'>;
};

type Ladders = Policy['escalation'];
type Rung = Ladders[keyof Ladders][number];

/** Whether SNS delivers to it by itself. */
export const isOfSns = (endpoint: ChannelEndpoint): endpoint is SnsEndpoint =>
  endpoint.kind === 'sms' || endpoint.kind === 'email' || endpoint.kind === 'https';

/** Names that a rung calls beside the severity that it raises to: the channels of its level, and whom it names. */
export const calledByRung = ({ level, endpoints = [] }: Rung, { contacts }: Pick<Reaching, 'contacts'>) => [
  ...new Set([
    ...(level === undefined ? [] : contacts.filter((one) => one.level === level).map(({ channel }) => channel)),
    ...endpoints,
  ]),
];

/** Kinds that wake somebody: a mail and a chat are read by who is awake. `https` is a pager's own address. */
export const wakingKinds: readonly ChannelEndpoint['kind'][] = ['pagerduty', 'phone', 'sms', 'https'];

/** Whose people hear of a severity for which nobody is named: of what nobody may sleep through, somebody must. */
const standIns = {
  emergency: ['critical', 'warning'],
  critical: ['emergency', 'warning'],
  warning: [],
} as const;

/** Names of the endpoints that are paged at a severity: those that it lists, and where it lists none, those that stand in. */
export const pagedAt = (severity: keyof typeof standIns, { byTopic }: Pick<Channels, 'byTopic'>): readonly string[] =>
  [severity, ...standIns[severity]].map((one) => byTopic[one]).find((names) => names.length > 0) ?? [];

/** Whose endpoints of SNS hear what CloudWatch says of mskeeper itself, where SNS reaches nobody of a severity: nearest first. */
const hearsOfUs = {
  emergency: ['emergency', 'critical', 'warning'],
  critical: ['critical', 'emergency', 'warning'],
  warning: ['warning', 'critical', 'emergency'],
} as const;

/**
 * Names of the endpoints that hear what CloudWatch says of mskeeper itself at a severity: of those whom it names the ones that SNS
 * delivers to by itself, since PagerDuty and Slack go through our code; where there are none, another severity's.
 */
export const hearingOfUs = (severity: keyof typeof hearsOfUs, { byTopic, endpoints }: Channels): readonly string[] => {
  const ofSns = (name: string): boolean => {
    const endpoint = Object.hasOwn(endpoints, name) ? endpoints[name] : undefined;
    return endpoint !== undefined && isOfSns(endpoint);
  };
  return hearsOfUs[severity].map((one) => byTopic[one].filter(ofSns)).find((names) => names.length > 0) ?? [];
};

const isSeverity = (topic: NotificationTopic): topic is keyof typeof standIns => Object.hasOwn(standIns, topic);

/** The ladders with the severity that each is of. */
export const laddersOf = ({ policy: { escalation } }: Pick<Reaching, 'policy'>) =>
  [
    { severity: 'emergency', rungs: escalation.emergency },
    { severity: 'critical', rungs: escalation.critical },
    { severity: 'warning', rungs: escalation.warning },
  ] as const;

/**
 * How bad an incident is once the rungs of one minute are climbed: they go out together, by the topic of the worst severity to
 * which one of them raises.
 *
 * @param severity of the ladder @param ladder all of its rungs
 */
export const climbedSeverity = <Severity extends 'warning' | 'critical' | 'emergency'>(
  severity: Severity,
  ladder: readonly Pick<Rung, 'afterMinutes' | 'raisesTo'>[],
  afterMinutes: number,
): Severity | 'critical' | 'emergency' =>
  ladder
    .filter((one) => one.afterMinutes === afterMinutes)
    .flatMap(({ raisesTo }) => raisesTo ?? [])
    .toSorted(compareSeverities)
    .at(-1) ?? severity;

/**
 * Names of the endpoints that hear by a topic: those that it lists or that stand in for them, and those that rungs call while an incident is of that
 * severity, by its own ladder or by the rungs that raised it.
 */
export const reachedBy = (topic: NotificationTopic, reaching: Reaching): readonly string[] => [
  ...new Set([
    ...(isSeverity(topic) ? pagedAt(topic, reaching.channels) : reaching.channels.byTopic[topic]),
    ...laddersOf(reaching).flatMap(({ severity, rungs }) =>
      rungs
        .filter(({ afterMinutes }) => severity === topic || climbedSeverity(severity, rungs, afterMinutes) === topic)
        .flatMap((rung) => calledByRung(rung, reaching)),
    ),
  ]),
];
