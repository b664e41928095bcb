import { hourMs } from '../../../../../shared/core/units.ts';
import type { IncidentDocument } from '../document.ts';
import type { TestAsked } from '../test-pages.ts';
import { testKeyOf } from '../test-pages.ts';
import type { Judged } from './judged.ts';
import { failingEndpoints } from './words.ts';

/** Kinds to which something can be sent that wakes nobody. */
const quietKinds: readonly string[] = ['slack', 'email', 'pagerduty', 'phone'];

/**
 * A message for each endpoint that took none, and that a look finds good: a look proves no delivery, and what is delivered ends the
 * fault. One an hour, since what a look cannot see may still be wrong. It wakes nobody: what calls people is sent an end alone.
 */
export function planTrials(judged: readonly Judged[], document: IncidentDocument, nowMs: number): readonly TestAsked[] {
  const failing = new Set(failingEndpoints(document));
  const commandId = `look-${Math.floor(nowMs / hourMs)}`;
  const known = new Set(document.outbox.map(({ key }) => key));
  const only = judged
    .filter(({ state, kind, endpoint }) => state === 'good' && quietKinds.includes(kind) && failing.has(endpoint))
    .map(({ endpoint }) => endpoint)
    .filter((endpoint) => !known.has(`${testKeyOf(commandId)}${endpoint}`));
  return only.length === 0 ? [] : [{ by: 'mskeeper’s look at its channels', commandId, only, isSilent: true }];
}
