import { compareSeverities } from '../../../../shared/core/finding.ts';
import { type Command, obey } from './commands.ts';
import type { Happening, Incident } from './document.ts';
import { repairingWork } from './holding.ts';
import { dueRungs, isAnswered, nextRungAtMs, type PagerWord } from './ladder.ts';
import type { Ladders, Rung } from './rungs.ts';
import type { PagingSeverity } from './words.ts';
import type { Work } from './works.ts';

/** @property severity how bad the incident is once these rungs are climbed */
export type Fired = { readonly rungs: readonly Rung[]; readonly severity: PagingSeverity };

/** What happened in one step, in its order, and which rungs of which happening. */
export type Story = { readonly happenings: Happening[]; readonly firedBy: Map<Happening, Fired> };

/** An incident of which people are paged from now on: from here its ladder counts. */
export const opened = (incident: Incident, nowMs: number): Incident => ({
  ...incident,
  openedAtMs: nowMs,
  severitySinceMs: nowMs,
  climbedToMs: nowMs - 1,
});

/**
 * An incident that is worse than it was is on another ladder, as if it had been from its opening: of what is past there the
 * highest rung is still to fire.
 */
export const raised = (incident: Incident, severity: PagingSeverity, nowMs: number): Incident => ({
  ...incident,
  severity,
  severitySinceMs: nowMs,
  climbedToMs: (incident.openedAtMs ?? nowMs) - 1,
});

/** What people asked for, in their order. Who asks for help for what nobody was told of yet opens it. */
export function command(
  incident: Incident,
  asked: readonly Command[],
  ladders: Ladders,
  story: Story,
  nowMs: number,
): Incident {
  let now = incident;
  for (const one of asked) {
    const nextAtMs = nextRungAtMs(now, ladders);
    const dueAtMs = Math.max(nextAtMs ?? 0, nowMs);
    const rungs = nextAtMs === undefined ? [] : dueRungs(now, ladders, dueAtMs);
    const { incident: obeyed, says, isEscalated } = obey(now, one, rungs.length > 0, nowMs);
    story.happenings.push({ kind: 'update', incidentId: now.id, says });
    now = obeyed;
    if (isEscalated !== true) continue;
    if (now.openedAtMs === undefined) {
      now = opened(now, nowMs);
      story.happenings.push({ kind: 'opened', incidentId: now.id });
    } else now = fire(now, rungs, story, { climbedToMs: dueAtMs, askedBy: one.by }, nowMs);
  }
  return now;
}

function fire(
  incident: Incident,
  rungs: readonly Rung[],
  story: Story,
  { climbedToMs, askedBy }: { readonly climbedToMs: number; readonly askedBy?: string },
  nowMs: number,
): Incident {
  const [first] = rungs;
  if (first === undefined) return incident;
  const { id, severity: before } = incident;
  const severity = rungs.reduce(raisedBy, before);
  const happening: Happening = {
    kind: 'rung',
    incidentId: id,
    rung: rungs.length,
    afterMinutes: first.afterMinutes,
    ...(askedBy !== undefined && { askedBy }),
  };
  story.happenings.push(happening);
  story.firedBy.set(happening, { rungs, severity });
  return severity === before ? { ...incident, climbedToMs } : raised(incident, severity, nowMs);
}

const raisedBy = (severity: PagingSeverity, { raisesTo }: Rung): PagingSeverity =>
  raisesTo !== undefined && compareSeverities(raisesTo, severity) > 0 ? raisesTo : severity;

/** Climbs what is due, unless somebody deals with it: a person, or a work that may still end it in time (I3). */
export function climb(
  incident: Incident,
  ladders: Ladders,
  works: readonly Work[],
  pager: PagerWord | undefined,
  story: Story,
  nowMs: number,
): Incident {
  let now = incident;
  // A rung that raises the severity puts the incident on a ladder of its own, of which a rung may be due, too.
  for (let rungs = dueRungs(now, ladders, nowMs); rungs.length > 0; rungs = dueRungs(now, ladders, nowMs)) {
    const isFirst = now.openedAtMs === nowMs;
    const isHeldBack =
      isAnswered(now, pager, nowMs) || repairingWork(now.cause.kind, now.members, works, nowMs) !== undefined;
    if (isHeldBack && !isFirst) return now;
    now = fire(now, rungs, story, { climbedToMs: nowMs }, nowMs);
  }
  return now;
}
