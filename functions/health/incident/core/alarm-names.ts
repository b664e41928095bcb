import type { OwnAlarms } from '../../../../shared/core/own-alarms.ts';
import type { AlarmSaid } from './said.ts';
import { type PagingSeverity, pagingSeverities } from './words.ts';

/** What a name of this stack's alarms says: `mskeeper/orders/cluster-health/disk-used/critical/brokers-1-to-10`. */
type Named = {
  readonly owner: string;
  readonly rule: string;
  readonly severity: PagingSeverity;
  readonly subject: string;
};

/** @returns undefined for what is no alarm of this stack's, by its name */
function readName(prefix: string, name: string): Named | undefined {
  if (!name.startsWith(prefix)) return undefined;
  const [owner = '', rule = '', said = '', ...subject] = name.slice(prefix.length).split('/');
  const severity = pagingSeverities.find((one) => one === said);
  return owner === '' || rule === '' || severity === undefined
    ? undefined
    : { owner, rule, severity, subject: subject.join('/') };
}

/**
 * An alarm as incident hears of it. One of another deploy of this stack, which the bundle does not list yet or any more, is
 * believed by its name: rather a page about what is gone than none about what is new.
 *
 * @returns undefined for an alarm that is not this stack's, or tells of incident itself
 */
export function alarmSaidOf(
  own: OwnAlarms,
  slug: string,
  { name, state, changedAtMs }: Pick<AlarmSaid, 'name' | 'state' | 'changedAtMs'>,
): AlarmSaid | undefined {
  const named = readName(own.prefix, name);
  if (named === undefined) return undefined;
  const listed = own.alarms.find((one) => one.name === name);
  const { owner, rule, severity, subject } = named;
  // What watches mskeeper may watch incident itself, which must not wake by it.
  if (listed === undefined ? owner === 'self' : !listed.wakes.includes(slug)) return undefined;
  const sentence = listed?.sentence ?? (subject === '' ? rule : `${rule}, ${subject}`);
  const of = listed?.subject;
  return { name, owner, rule, severity, sentence, state, changedAtMs, ...(of !== undefined && { of }) };
}
