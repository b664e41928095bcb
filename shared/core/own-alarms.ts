/** The file that holds them, at the root of every bundle beside mskeeper.json. */
export const ownAlarmsFileName = 'own-alarms.json';

/** Of which topic or group an alarm is, by name; of lag both. */
export type AlarmSubject = { readonly group?: string; readonly topic?: string };

/** One alarm of this stack, as packaging made it. */
export type OwnAlarm = {
  readonly name: string;
  /** The slug of what it watches: `disk-used`. Alarms of several severities and subjects share a rule. */
  readonly rule: string;
  /** Slugs of the procedures that its changes wake; empty for the watch over mskeeper itself. */
  readonly wakes: readonly string[];
  /** What is wrong while it fires, for people; absent while alarms tell it themselves. */
  readonly sentence?: string;
  /** Absent while alarms tell it themselves, and of what is the cluster's or some brokers'. */
  readonly subject?: AlarmSubject;
};

/** The stack's own alarms, exactly: what a name begins with is no proof of whose it is. */
export type OwnAlarms = {
  readonly accountId: string;
  readonly region: string;
  /** What the name of every alarm of this stack begins with, and of no other stack's: `mskeeper/orders/`. */
  readonly prefix: string;
  readonly alarms: readonly OwnAlarm[];
  /** The slug of who tells people, and hears every alarm; absent while alarms tell people themselves. */
  readonly teller?: string;
};

/** Where an alarm says that it is. */
export type AlarmIdentity = { readonly accountId: string; readonly region: string; readonly alarmName: string };

export type Recognition =
  | { readonly kind: 'own'; readonly rule: string }
  /** Of another deploy of this stack: see `recognise`. */
  | { readonly kind: 'other-deploy' }
  | { readonly kind: 'stranger'; readonly because: 'account' | 'region' | 'alarmName' };

/**
 * Whose an alarm is, for the procedure that it woke. CloudFormation changes functions and alarms one after the other, so
 * for some minutes of a deploy a function meets alarms that its bundle does not list: new ones before its own turn, and
 * old ones, which go last. To refuse them would lose the wake-up of a true incident and leave its event with the failed
 * runs. Their names say stack and procedure without a second reading, and a wake-up proves nothing: they may wake a plain
 * look, but no rule is known of them.
 */
export const recognise = (
  own: OwnAlarms,
  slug: string,
  { accountId, region, alarmName }: AlarmIdentity,
): Recognition => {
  if (accountId !== own.accountId) return { kind: 'stranger', because: 'account' };
  if (region !== own.region) return { kind: 'stranger', because: 'region' };
  const alarm = own.alarms.find(({ name }) => name === alarmName);
  if (alarm === undefined) {
    return alarmName.startsWith(slug === own.teller ? own.prefix : `${own.prefix}${slug}/`)
      ? { kind: 'other-deploy' }
      : { kind: 'stranger', because: 'alarmName' };
  }
  return alarm.wakes.includes(slug) ? { kind: 'own', rule: alarm.rule } : { kind: 'stranger', because: 'alarmName' };
};
