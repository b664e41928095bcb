import { colored, joined, type Shown, shown } from '../../infra/terminal/shown.ts';
import { columns, type Look, onOneLine } from '../../infra/terminal/table.ts';
import type { Answered } from '../../shared/core/known.ts';
import { minuteMs } from '../../shared/core/units.ts';
import type { ApprovalDocument } from '../../shared/durable/approval.ts';
import { namesIn } from '../../shared/text/names.ts';
import { beginningOf } from '../../shared/text/utf8.ts';

/** A request as it is shown and written as JSON: everything but the callback id, which is the power to answer. */
export const shownRequest = ({ callbackId: _power, ...shown }: ApprovalDocument) => shown;

/** The same with how it stands: `why` says why nobody could tell whether it was answered. */
export const shownStanding = (request: ApprovalDocument, isWaiting: Answered<boolean>) => ({
  ...shownRequest(request),
  ...(isWaiting.isKnown ? { state: 'waiting' } : { state: 'unknown', why: isWaiting.why }),
});

const minutesLeft = ({ expiresAtMs }: ApprovalDocument, nowMs: number): string =>
  `${Math.max(0, Math.floor((expiresAtMs - nowMs) / minuteMs))} min left`;

/** More than any plan of ours has: what a document has beyond them would push the plan out of sight. */
const mostFacts = 30;
const mostCharacters = { name: 60, value: 300, message: 1_000 } as const;

/** The words before our own facts. */
const labels = ['plan', 'why', 'set going by', 'four eyes', 'settings', 'digest', 'asked at', 'answered?'] as const;

/** One of our own facts: a word that is not among them would let a number pass for it. */
type Fact = readonly [(typeof labels)[number], string];

/** The name of a number as our cores give it; another one, or one that is called like a fact of ours, is quoted. */
const nameOf = (name: string): string =>
  /^[a-z][A-Za-z0-9]*$/.test(name) && !labels.some((label) => label === name)
    ? cut(name, mostCharacters.name)
    : JSON.stringify(cut(name, mostCharacters.name));

const cut = (text: string, maxCharacters: number): string =>
  text.length <= maxCharacters
    ? text
    : `${beginningOf(text, maxCharacters)}… (${text.length - maxCharacters} characters more)`;

/**
 * One request in full: what would be done, why, on which numbers, who set it going, and what is doubtful about it. Each fact
 * keeps to its line and its length, whatever the document says.
 */
export const renderRequest = (
  request: ApprovalDocument,
  nowMs: number,
  hasColors: boolean,
  doubt?: string,
  width?: number,
): Shown => {
  const look: Look = { hasColors, columns: width };
  const { id, procedure, plan, initiator, isInitiatorProven, mayInitiatorApprove, requestedAtMs } = request;
  const { approvers, yesesNeeded, configuration, digest } = request;
  const doubtful = isInitiatorProven ? '' : ' (not proven)';
  const by = `${cut(initiator, mostCharacters.value)}${doubtful}${mayInitiatorApprove ? '' : ', who may not approve it'}`;
  const needs = yesesNeeded > 1 ? [`${yesesNeeded} different people have to approve it`] : [];
  const has = approvers.map((approver) => `${cut(approver, mostCharacters.value)} approved it: another person has to`);
  const evidence = Object.entries(plan.evidence);
  const moreCount = evidence.length - mostFacts;
  const whatAndWhy: readonly Fact[] = [
    ['plan', cut(`${plan.action}: ${plan.message}`, mostCharacters.message)],
    ['why', cut(plan.reason, mostCharacters.value)],
  ];
  const numbers: readonly [string, string][] = [
    ...evidence
      .slice(0, mostFacts)
      .map(([name, value]): [string, string] => [nameOf(name), cut(String(value), mostCharacters.value)]),
    ...(moreCount > 0 ? [['', `${moreCount} more: --json shows them`] satisfies [string, string]] : []),
  ];
  const whoAndWhen: readonly Fact[] = [
    ['set going by', by],
    ...[...needs, ...has].map((text): Fact => ['four eyes', text]),
    ['settings', configuration],
    ['digest', digest],
    ['asked at', new Date(requestedAtMs).toISOString()],
    ...(doubt === undefined ? [] : [['answered?', cut(doubt, mostCharacters.message)] satisfies Fact]),
  ];
  const names = namesIn(request);
  const rows = columns(
    [...whatAndWhy, ...numbers, ...whoAndWhen].map(([name, value]) => [`  ${name}`, onOneLine(value, names)]),
    look,
  );
  const head = shown`  ${cut(procedure, mostCharacters.name)}, ${minutesLeft(request, nowMs)}`;
  return joined([joined([colored(shown`${id}`, 'yellow', hasColors), head]), ...rows], '\n');
};
