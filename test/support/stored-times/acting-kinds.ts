import { applyAct } from '../../../shared/acting/act.ts';
import { openAudit } from '../../../shared/acting/audit.ts';
import { openBudget } from '../../../shared/acting/budget-store.ts';
import { auditKey, budgetKey, claimKey } from '../../../shared/acting/core/keys.ts';
import { hourMs, minuteMs } from '../../../shared/core/units.ts';
import { receiptDocument } from '../../../shared/telling/receipt.ts';
import { openBucket } from '../acting/bucket.ts';
import { openQuietDoor, openTry, planRequest } from '../acting/door.ts';
import { type Kind, nowMs, type Reading } from './forgeries.ts';

const cluster = 'orders';
const { procedure, cause } = planRequest().request;
const plannedAtMs = nowMs - 3 * minuteMs;
const keys = {
  budget: budgetKey(cluster),
  claim: claimKey(cluster, procedure, cause),
  record: auditKey(cluster, procedure, plannedAtMs, cause),
};

/** A door over a bucket with these documents, at a time of its own, and one request that has no lock. */
function openDoor(documents: Partial<Record<keyof typeof keys, unknown>>, actsPerHour: number) {
  const { store, objects } = openBucket([`audit/${cluster}/`, 'budget/']);
  for (const name of ['budget', 'claim', 'record'] as const) {
    if (documents[name] !== undefined) objects.set(keys[name], JSON.stringify(documents[name]));
  }
  let timeMs = nowMs;
  const { door } = openQuietDoor({
    nowMs: () => timeMs,
    actsPerHour,
    audit: openAudit(store, cluster),
    budget: openBudget(store, cluster),
  });
  const { request, sent } = planRequest({ plannedAtMs, isLocked: false });
  const askAt = (atMs: number) => {
    timeMs = atMs;
    return applyAct(request, door);
  };
  return { askAt, sent };
}

/** Asks every five minutes until it acts. */
async function readBudget(budget: unknown): Promise<Reading> {
  const { askAt, sent } = openDoor({ budget }, 2);
  let actedAfterMs = Number.POSITIVE_INFINITY;
  for (let laterMs = 0; laterMs <= 3 * hourMs && sent.count === 0; laterMs += 5 * minuteMs) {
    await askAt(nowMs + laterMs);
    if (sent.count > 0) actedAfterMs = laterMs;
  }
  return { hasActed: actedAfterMs === 0, waitsMs: { 'the next act': actedAfterMs } };
}

const claim = { version: 1, procedure, cause, plannedAtMs };
const frame = { id: 'end', execution: 'execution-0', atMs: nowMs - minuteMs };
const underWay = {
  ...openTry(nowMs - minuteMs, false),
  plannedAtMs,
  approval: { by: 'ada', atMs: plannedAtMs, earlier: [{ by: 'ben', atMs: plannedAtMs }] },
  voidAnswers: [{ because: 'unproven', askedAtMs: plannedAtMs }],
};
const withdrawn = { atMs: nowMs - 2 * minuteMs, reason: 'kill-switch', message: 'on' };
const tries = [...underWay.tries, { ...underWay.tries[0], id: 'held', withdrawn }];
const ends = [
  { ...frame, decision: 'acted', outcome: { operationArn: 'arn:op-1' }, requestId: 'r-1' },
  { ...frame, decision: 'would-act' },
  { ...frame, decision: 'stopped', reason: 'api-refused', message: 'no' },
];

/** Asks until nothing that a try of a minute ago sent can be under way any more; the next minute an act is allowed. */
const readAudit = (documents: { readonly claim: unknown; readonly record: unknown }) => async (): Promise<Reading> => {
  const { askAt, sent } = openDoor(documents, 4);
  let longestWaitMs = 0;
  for (let laterMs = 0; laterMs < 15 * minuteMs; laterMs += 2 * minuteMs) {
    const decided = await askAt(nowMs + laterMs);
    const isSaid = decided.decision !== 'stopped' || decided.message.length > 0;
    const waitMs = decided.decision === 'stopped' ? (decided.retryAtMs ?? nowMs + laterMs) - (nowMs + laterMs) : 0;
    longestWaitMs = Math.max(longestWaitMs, isSaid ? waitMs : Number.POSITIVE_INFINITY);
  }
  return { hasActed: sent.count > 0, waitsMs: { 'the next question': longestWaitMs } };
};

const askedAgainMs = { 'the next question': 20 * minuteMs };

/** That people heard of an act, which lets it through: here of a time before it was planned. */
async function readReceipt(document: unknown): Promise<Reading> {
  const receipt = receiptDocument.parse(document);
  const people = { fetchReceipt: async () => receipt, offerIntent: async () => undefined };
  const { door } = openQuietDoor({ nowMs: () => nowMs, people });
  const { request, sent } = planRequest({ plannedAtMs });
  await applyAct(request, door);
  return { hasActed: sent.count > 0, waitsMs: {} };
}

export const actingKinds: readonly Kind[] = [
  {
    what: 'that people were told',
    schemaName: 'receiptDocument',
    sounds: [{ version: 1, cluster, key: `${cause}/about-to-act`, atMs: plannedAtMs - hourMs }],
    read: readReceipt,
    longestMs: {},
  },
  {
    what: 'the budget of acts',
    schemaName: 'budgetDocument',
    sounds: [
      {
        version: 1,
        reservations: [1, 2].map((index) => ({ procedure, cause: `before-${index}`, atMs: nowMs - 10 * minuteMs })),
      },
      { version: 1, reservations: [], heldFromMs: nowMs - 10 * minuteMs },
    ],
    read: readBudget,
    // An hour, two clocks, and the next of the questions above.
    longestMs: { 'the next act': hourMs + 2 * minuteMs + 5 * minuteMs },
  },
  {
    what: 'the claim of a cause',
    schemaName: 'actClaimDocument',
    sounds: [claim],
    read: (document) => readAudit({ claim: document, record: { ...underWay, tries, end: ends[0] } })(),
    longestMs: askedAgainMs,
  },
  {
    what: 'the record of an act',
    schemaName: 'actRecordDocument',
    sounds: [{ ...underWay, tries }, ...ends.map((end) => ({ ...underWay, tries, end }))],
    read: (document) => readAudit({ claim, record: document })(),
    longestMs: askedAgainMs,
  },
];
