import { compareSeverities } from '../../../../shared/core/finding.ts';
import { minuteMs } from '../../../../shared/core/units.ts';
import type { Rules, Truth } from './advance.ts';
import type { Acknowledgement, Incident, IncidentDocument, Resolution } from './document.ts';
import { titleOfCause } from './explain.ts';
import { holdingWork } from './holding.ts';
import {
  dueRungs,
  isAnswered,
  nextRungAtMs,
  type PagerWord,
  standingAcknowledgement,
  standingResolution,
} from './ladder.ts';
import { type ListedMessage, listMessage } from './listed-message.ts';
import { isLive, type Member } from './member.ts';
import { endpointsOfRung } from './reach.ts';
import { worksOf } from './telling.ts';
import type { PagingSeverity } from './words.ts';
import type { Work } from './works.ts';

/** Whom the ladder calls next. @property atMs when, unless somebody answers @property isHeldBack not as things stand */
type NextRung = {
  readonly atMs: number;
  readonly isHeldBack: boolean;
  readonly raisesTo?: PagingSeverity;
  readonly levels: readonly string[];
  readonly endpoints: readonly string[];
};

/**
 * An incident as it is now.
 *
 * @property openedAtMs when people were first paged; absent while nobody was told of it
 * @property answerByMs until when somebody must have answered
 * @property quietSinceMs since when no symptom is left: it ends when that has lasted
 * @property acknowledgement as long as it holds @property resolution the same
 * @property pager what a pager said when it was asked just now
 * @property dealing the work that deals with it, so that nothing climbs; of one that nobody was told of, the work that explains it
 * @property messages the newest, newest first
 */
export type ListedIncident = {
  readonly id: string;
  readonly title: string;
  readonly severity: PagingSeverity;
  readonly startedAtMs: number;
  readonly openedAtMs?: number;
  readonly answerByMs?: number;
  readonly quietSinceMs?: number;
  readonly liveCount: number;
  readonly acknowledgement?: Acknowledgement;
  readonly resolution?: Resolution;
  readonly pager?: PagerWord;
  readonly dealing?: { readonly what: string; readonly untilMs: number };
  readonly nextRung?: NextRung;
  readonly messages: readonly ListedMessage[];
};

/** What is open, worst first, and what ended within a day, newest first. @property atMs of which moment it is */
export type Listing = {
  readonly atMs: number;
  readonly open: readonly ListedIncident[];
  readonly ended: readonly { readonly id: string; readonly title: string; readonly endedAtMs: number }[];
};

const mostListed = 10;

/** What there is to see, of what incident knows: nothing is asked, and nothing changed. */
export function planListing(document: IncidentDocument, rules: Rules, truth: Truth, nowMs: number): Listing {
  return {
    atMs: nowMs,
    open: document.incidents
      .map((one) => listIncident(one, document, rules, truth, nowMs))
      .toSorted(
        (left, right) =>
          compareSeverities(right.severity, left.severity) ||
          left.startedAtMs - right.startedAtMs ||
          Number(left.id) - Number(right.id),
      ),
    ended: document.ended
      .map((one) => ({ id: one.id, title: titleOfCause(one.cause), endedAtMs: one.endedAtMs }))
      .toSorted((left, right) => right.endedAtMs - left.endedAtMs),
  };
}

function listIncident(
  incident: Incident,
  { works, incidents, outbox }: IncidentDocument,
  rules: Rules,
  { pagerByIncident }: Truth,
  nowMs: number,
): ListedIncident {
  const { id, severity, startedAtMs, openedAtMs, severitySinceMs, quietSinceMs, members } = incident;
  const acknowledgement = standingAcknowledgement(incident, nowMs);
  const resolution = standingResolution(incident);
  const pager = pagerByIncident.get(id);
  const underWay = [...works, ...rules.windows];
  const live = incidents.flatMap((one) => one.members.filter(isLive));
  const [dealing] = [...worksOf(incident, underWay, nowMs), ...holding(incident, underWay, live, nowMs)];
  const isHeldBack = dealing !== undefined || isAnswered(incident, pager, nowMs);
  const waitsUntilMs = Math.max(nowMs, acknowledgement?.untilMs ?? 0, dealing?.untilMs ?? 0);
  const nextRung = nextRungOf(incident, rules, isHeldBack, waitsUntilMs);
  return {
    id,
    title: titleOfCause(incident.cause),
    severity,
    startedAtMs,
    liveCount: members.filter(isLive).length,
    ...(openedAtMs !== undefined && {
      openedAtMs,
      answerByMs: (severitySinceMs ?? openedAtMs) + rules.frame.responseMinutes[severity] * minuteMs,
    }),
    ...(quietSinceMs !== undefined && { quietSinceMs }),
    ...(acknowledgement !== undefined && { acknowledgement }),
    ...(resolution !== undefined && { resolution }),
    ...(pager !== undefined && { pager }),
    ...(dealing !== undefined && { dealing: { what: dealing.what, untilMs: dealing.untilMs } }),
    ...(nextRung !== undefined && { nextRung }),
    messages: outbox
      .filter(({ incidentId }) => incidentId === id)
      .map((one) => listMessage(one, rules.reach))
      .toReversed()
      .slice(0, mostListed),
  };
}

/** The works for which nobody is told of it yet. */
const holding = (
  { openedAtMs, members }: Incident,
  works: readonly Work[],
  live: readonly Member[],
  nowMs: number,
): readonly Work[] =>
  openedAtMs === undefined
    ? members.filter(isLive).flatMap((member) => holdingWork(member, works, live, nowMs) ?? [])
    : [];

/** What holds the ladder back lets the latest of the rungs go out whose time passes meanwhile. */
function nextRungOf(
  incident: Incident,
  { ladders, reach }: Rules,
  isHeldBack: boolean,
  waitsUntilMs: number,
): NextRung | undefined {
  const dueAtMs = nextRungAtMs(incident, ladders);
  if (dueAtMs === undefined) return undefined;
  const atMs = Math.max(dueAtMs, waitsUntilMs);
  const rungs = dueRungs(incident, ladders, atMs);
  if (rungs.length === 0) return undefined;
  const raisesTo = rungs
    .flatMap((rung) => rung.raisesTo ?? [])
    .toSorted(compareSeverities)
    .at(-1);
  return {
    atMs,
    isHeldBack,
    ...(raisesTo !== undefined && { raisesTo }),
    levels: [...new Set(rungs.flatMap(({ level }) => level ?? []))],
    endpoints: [...new Set(rungs.flatMap((rung) => endpointsOfRung(rung, reach)))],
  };
}
