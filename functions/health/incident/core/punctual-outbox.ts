import { isAhead, pastMs } from '../../../../shared/core/clocks.ts';
import { longestAskedWaitMs } from '../../../../shared/core/delivery.ts';
import { minuteMs } from '../../../../shared/core/units.ts';
import type { Page } from '../../../../shared/telling/core/page.ts';
import { noticeStandsMs } from './notices.ts';
import { claimMs, longestBackOffMs, type Message } from './outbox.ts';
import type { PageFrame } from './pages.ts';
import { testStandsMs } from './test-pages.ts';

/** What is said of a message's time, by how long its own rules let people wait for it. */
export function punctualMessage(
  message: Message,
  { responseMinutes }: Pick<PageFrame, 'responseMinutes'>,
  nowMs: number,
): Message {
  const { page, claim, failedAtMs, freedAtMs, outcomeAtMs } = message;
  const madeAtMs = pastMs(message.madeAtMs, nowMs);
  const claimedUntilMs = nowMs + claimMs;
  return {
    ...message,
    ...(page !== undefined && { page: punctualPage(page, responseMinutes, nowMs) }),
    madeAtMs,
    dueAtMs: dueAtMsOf(message, madeAtMs, nowMs),
    ...(claim !== undefined &&
      isAhead(claim.untilMs, claimedUntilMs) && { claim: { ...claim, untilMs: claimedUntilMs } }),
    ...(failedAtMs !== undefined && { failedAtMs: pastMs(failedAtMs, nowMs) }),
    ...(freedAtMs !== undefined && { freedAtMs: pastMs(freedAtMs, nowMs) }),
    // When it was over nobody knows: by a later time than it was, an endpoint would have taken something since it failed, and
    // somebody who acts would have told people just now.
    ...(outcomeAtMs !== undefined && { outcomeAtMs: isAhead(outcomeAtMs, nowMs) ? madeAtMs : outcomeAtMs }),
  };
}

/** What nobody asked to wait for so long is due; the end of what stands is when that stood for its time. */
function dueAtMsOf(message: Message, madeAtMs: number, nowMs: number): number {
  const { action, incidentId, kind, tries, isTooMuch, dueAtMs } = message;
  if (action === 'resolve' && incidentId === undefined && tries === 0) {
    const endAtMs = madeAtMs + (kind === 'test' ? testStandsMs : noticeStandsMs);
    return isAhead(dueAtMs, endAtMs) ? endAtMs : dueAtMs;
  }
  const waitMs = isTooMuch === true ? longestAskedWaitMs : longestBackOffMs;
  return isAhead(dueAtMs, nowMs + waitMs) ? nowMs : dueAtMs;
}

function punctualPage(page: Page, responseMinutes: PageFrame['responseMinutes'], nowMs: number): Page {
  const { atMs, startedAtMs, openedAtMs, answerByMs, again } = page;
  const answeredByMs = nowMs + Math.max(...Object.values(responseMinutes)) * minuteMs;
  return {
    ...page,
    atMs: pastMs(atMs, nowMs),
    startedAtMs: pastMs(startedAtMs, nowMs),
    ...(openedAtMs !== undefined && { openedAtMs: pastMs(openedAtMs, nowMs) }),
    ...(answerByMs !== undefined && isAhead(answerByMs, answeredByMs) && { answerByMs: answeredByMs }),
    ...(again !== undefined && { again: { endedAtMs: pastMs(again.endedAtMs, nowMs) } }),
  };
}
