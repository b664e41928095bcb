import { type CommandWords, mostForMinutes } from '../../../../shared/core/incident-command.ts';
import { minuteMs } from '../../../../shared/core/units.ts';
import type { Incident } from './document.ts';
import { isLive, isPressing, type Member } from './member.ts';

/** What a person asks about one incident, proven before it comes here: a silence says nothing at all, an acknowledgement stops the ladder. */
export type Command = Extract<CommandWords, { readonly incidentId: string }> & { readonly by: string };

/** As long as PagerDuty's own acknowledgement holds where nobody changed it. */
export const usualAcknowledgementMs = 30 * minuteMs;
/** The longest that a person's word holds without being said again. */
export const longestAcknowledgementMs = mostForMinutes * minuteMs;

export type Obeyed = { readonly incident: Incident; readonly says: string; readonly isEscalated?: boolean };

const until = (forMinutes: number | undefined, nowMs: number): number =>
  nowMs +
  Math.min(
    longestAcknowledgementMs,
    forMinutes === undefined ? usualAcknowledgementMs : Math.max(1, forMinutes) * minuteMs,
  );

/** A person's word, where nobody can prove anything else: no data that lasts, a finding that stays unknown. */
const calledOver = (member: Member, nowMs: number): Member =>
  isPressing(member) ? { ...member, goneAtMs: nowMs, goneBy: 'person' } : member;

/**
 * What a command makes of its incident, and how it is told.
 *
 * @param hasNextRung somebody is left whom the ladder would call
 */
export function obey(incident: Incident, asked: Command, hasNextRung: boolean, nowMs: number): Obeyed {
  const { severity } = incident;
  const { by } = asked;
  const isTold = incident.openedAtMs !== undefined;
  const untold = isTold ? '' : ' Nobody was paged of it yet: its opening still pages people, and after it nobody else.';
  switch (asked.command) {
    case 'ack':
    case 'silence': {
      const untilMs = until(asked.forMinutes, nowMs);
      const silence = asked.command === 'silence' ? ({ isSilence: true } as const) : {};
      const acknowledgement = { by, atMs: nowMs, untilMs, severity, ...silence };
      const at = new Date(untilMs).toISOString();
      const says =
        asked.command === 'silence'
          ? `${by} silenced it until ${at}, unless it gets worse.${untold}`
          : isTold
            ? `${by} deals with it until ${at}; nobody else is paged until then, unless it gets worse.`
            : `${by} deals with it until ${at}.${untold}`;
      return { incident: { ...incident, acknowledgement }, says };
    }
    case 'escalate': {
      const { acknowledgement: _lifted, resolution: _withdrawn, ...rest } = incident;
      return {
        incident: rest,
        says: `${by} asked for more help: ${whomCalled(incident, hasNextRung)}.`,
        isEscalated: true,
      };
    }
    case 'resolve': {
      const live = incident.members.filter(isLive).length;
      const isProvable = incident.members.filter(isPressing).some(({ isUnproven }) => !isUnproven);
      const resolution = { by, atMs: nowMs, severity };
      if (live > 0 && !isProvable) {
        const members = incident.members.map((one) => calledOver(one, nowMs));
        const says = `${by} called it over. Whether it is, nothing says any more, so that this counts: it ends in 10 min, unless one of its symptoms is found again.`;
        return { incident: { ...incident, members, resolution }, says };
      }
      const says =
        live === 0
          ? `${by} called it over.`
          : !isTold
            ? `${by} called it over while ${live} of its symptoms go on.${untold}`
            : `${by} called it over while ${live} of its symptoms go on: nobody is paged unless it gets worse, and its end is told when a look proves it.`;
      return { incident: { ...incident, resolution }, says };
    }
    default:
      return asked satisfies never;
  }
}

const whomCalled = ({ openedAtMs, quietSinceMs }: Incident, hasNextRung: boolean): string => {
  if (openedAtMs === undefined) return 'nobody was paged of it yet, and people are now';
  if (quietSinceMs !== undefined) return 'none of its symptoms is left, and nobody is called unless one comes back';
  return hasNextRung
    ? 'the next step of the ladder goes out now'
    : 'everybody whom the ladder calls was called already';
};
