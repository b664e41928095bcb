import type { Answered } from '../../shared/core/known.ts';
import { minuteMs } from '../../shared/core/units.ts';
import type { ApprovalDocument } from '../../shared/durable/approval.ts';
import { namesIn } from '../../shared/text/names.ts';
import { colored, columns, onOneLine } from '../table.ts';

/** A request as it is shown and written as JSON: everything but the callback id, which is the power to answer. */
export const shownRequest = ({ callbackId: _power, ...shown }: ApprovalDocument) => shown;

/** The same with how it stands: `why` says why nobody could tell whether it was answered. */
export const shownStanding = (request: ApprovalDocument, isWaiting: Answered<boolean>) => ({
  ...shownRequest(request),
  ...(isWaiting.isKnown ? { state: 'waiting' } : { state: 'unknown', why: isWaiting.why }),
});

const minutesLeft = ({ expiresAtMs }: ApprovalDocument, nowMs: number): string =>
  `${Math.max(0, Math.floor((expiresAtMs - nowMs) / minuteMs))} min left`;

/** One request in full: what would be done, why, on which numbers, who set it going, and what is doubtful about it. */
export const renderRequest = (request: ApprovalDocument, nowMs: number, hasColors: boolean, doubt?: string): string => {
  const { id, procedure, plan, initiator, mayInitiatorApprove, requestedAtMs } = request;
  const by = `${initiator}${mayInitiatorApprove ? '' : ', who may not approve it'}`;
  const facts: readonly [string, string][] = [
    ['plan', `${plan.action}: ${plan.message}`],
    ['why', plan.reason],
    ...Object.entries(plan.evidence).map(([name, value]): [string, string] => [name, String(value)]),
    ['set going by', by],
    ['asked at', new Date(requestedAtMs).toISOString()],
    ...(doubt === undefined ? [] : [['answered?', doubt] satisfies [string, string]]),
  ];
  const names = namesIn(request);
  const rows = columns(facts.map(([name, value]) => [{ text: `  ${name}` }, { text: onOneLine(value, names) }]));
  const head = `${procedure}, ${minutesLeft(request, nowMs)}`;
  return [`${colored(id, 'yellow', hasColors)}  ${head}`, ...rows].join('\n');
};
