import type { WriteCondition } from '../../../shared/aws/store.ts';
import type { Tried } from '../../../shared/core/delivery.ts';
import { DependencyError } from '../../../shared/core/errors.ts';
import { ask, errorOf } from '../../../shared/core/known.ts';
import { type Advanced, advance, type Heard, type Rules, type Truth } from './core/advance.ts';
import { wordsOfDeliveries } from './core/delivery-words.ts';
import { isDetour } from './core/detours.ts';
import { firstDocument, type Happening, type IncidentDocument } from './core/document.ts';
import { isHoldable } from './core/holdback.ts';
import { claimMessages, type Message, sendable, settleMessage } from './core/outbox.ts';
import { punctualDocument } from './core/punctual-document.ts';
import type { Reach } from './core/reach.ts';
import { receiptsDue } from './core/receipts.ts';
import { type Sent, sendAll } from './deliver.ts';
import { type Asked, askPagers, openAsking } from './pagers.ts';
import type { Ports } from './ports.ts';

/** What a run did, for its one log line. */
export type IncidentResult = {
  readonly happenings: readonly Happening[];
  readonly open: number;
  readonly waiting: number;
  readonly sent: readonly { readonly id: string; readonly result: Tried['result'] }[];
  readonly document: IncidentDocument;
};

/** Two runs at once, and the minute beside them: of so many that meet, all get through. */
const mostAttempts = 12;

/** @property stored as it was written, with times that may lie */
type Read = {
  readonly document: IncidentDocument;
  readonly stored: IncidentDocument;
  readonly condition: WriteCondition;
};
type RulesAt = (nowMs: number) => Rules;

/**
 * One run: what was heard and what the time makes due becomes a new document with its outbox, which is written on condition
 * that nobody wrote since; only then is sent what this run claimed in it, and its outcome written. Killed anywhere, a later run
 * finds what is left: a claim that ran out is somebody's who may have sent.
 *
 * @throws DependencyError where the document could not be read or written: nothing was sent, and the event comes again
 */
export async function runIncident(heard: Heard, rulesAt: RulesAt, ports: Ports): Promise<IncidentResult> {
  const { happenings, document, claimed } = await claimWork(heard, rulesAt, ports);
  const rules = rulesAt(ports.nowMs());
  const sent = await sendAll(claimed, document, rules, ports);
  const settled = await settle(sent, document, rulesAt, ports);
  await keepReceipts(settled, rules.reach, ports);
  return {
    happenings,
    open: settled.incidents.filter(({ openedAtMs }) => openedAtMs !== undefined).length,
    waiting: settled.outbox.filter(({ outcome }) => outcome === undefined).length,
    sent: sent.map(({ message, tried }) => ({ id: message.id, result: tried.result })),
    document: settled,
  };
}

async function read(rulesAt: RulesAt, { fetchDocument, reportProblem, nowMs }: Ports): Promise<Read> {
  const answered = await ask(fetchDocument);
  const first = firstDocument(nowMs());
  if (answered.isKnown) {
    if (answered.value === undefined) return { document: first, stored: first, condition: 'absent' };
    const { value: stored, etag } = answered.value;
    const document = punctualDocument(stored, rulesAt(nowMs()), nowMs());
    if (document !== stored)
      reportProblem('times of what incident knew lie ahead: they count as of now, and it is written so');
    return { document, stored, condition: { etag } };
  }
  if (answered.failure !== 'bad-answer') throw errorOf(answered);
  // Rather a second page than none: what cannot be read is kept for people, and every fault is found anew by the sweep.
  reportProblem(`what incident knew cannot be read and is set aside; open faults page again: ${answered.why}`);
  return { document: first, stored: first, condition: 'always' };
}

type Claimed = {
  readonly happenings: readonly Happening[];
  readonly document: IncidentDocument;
  readonly claimed: readonly Message[];
};

async function claimWork(heard: Heard, rulesAt: RulesAt, ports: Ports): Promise<Claimed> {
  const asked = openAsking(ports.nowMs());
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    const before = await read(rulesAt, ports);
    const nowMs = ports.nowMs();
    const { happenings, document } = await advanceAsked(before.document, heard, rulesAt(nowMs), asked, ports, nowMs);
    const due = sendable(document.outbox, nowMs);
    const ids = new Set(due.map(({ id }) => id));
    const after = { ...document, outbox: claimMessages(document.outbox, ids, ports.run.runId, nowMs) };
    if (isSame(before.stored, after)) return { happenings, document: after, claimed: [] };
    const written = await ask(() => ports.applyDocument(after, before.condition));
    if (written.isKnown) {
      return { happenings, document: after, claimed: after.outbox.filter(({ id }) => ids.has(id)) };
    }
    if (written.failure !== 'conflict') throw errorOf(written);
  }
  throw new DependencyError(
    's3:PutObject',
    'conflict',
    `other runs wrote incident's document ${mostAttempts} times meanwhile`,
  );
}

const isSame = (left: IncidentDocument, right: IncidentDocument): boolean =>
  JSON.stringify(left) === JSON.stringify(right);

/**
 * The step, with each pager asked first whose incident would climb or end in another, or of which a page is to be sent that
 * waited: an acknowledgement there is asked for, never remembered. A pager that says nothing holds nobody back.
 */
async function advanceAsked(
  document: IncidentDocument,
  heard: Heard,
  rules: Rules,
  asked: Asked,
  ports: Ports,
  nowMs: number,
): Promise<Advanced> {
  const words = [...heard.words, ...wordsOfDeliveries(document.outbox, rules, nowMs)];
  const step = (truth: Truth): Advanced => advance(document, { ...heard, words }, rules, truth, nowMs);
  for (;;) {
    const advanced = step({ pagerByIncident: asked.words });
    // What joins another is ended in its pager, and whatever was said there with it.
    const asking = advanced.happenings.flatMap((one) =>
      one.kind === 'rung' || one.kind === 'joined' ? [one.incidentId] : [],
    );
    const waiting = sendable(advanced.document.outbox, nowMs).flatMap((one) =>
      (one.madeAtMs < nowMs || isDetour(one)) && isHoldable(one, rules.reach) ? (one.incidentId ?? []) : [],
    );
    const unasked = new Set([...asking, ...waiting].filter((id) => !asked.ids.has(id)));
    if (unasked.size === 0) return advanced;
    await askPagers(unasked, document.outbox, asked, ports);
  }
}

/** Writes what came of it, whoever else writes meanwhile. */
async function settle(
  sent: readonly Sent[],
  claimed: IncidentDocument,
  rulesAt: RulesAt,
  ports: Ports,
): Promise<IncidentDocument> {
  if (sent.length === 0) return claimed;
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    const { document, condition } = await read(rulesAt, ports);
    const nowMs = ports.nowMs();
    const settled = sent.reduce((there, one) => settleOne(there, one, ports.run.runId, nowMs), document);
    const written = await ask(() => ports.applyDocument(settled, condition));
    if (written.isKnown) return settled;
    if (written.failure !== 'conflict') throw errorOf(written);
  }
  throw new DependencyError(
    's3:PutObject',
    'conflict',
    `other runs wrote incident's document ${mostAttempts} times meanwhile`,
  );
}

const settleOne = (
  document: IncidentDocument,
  { message, tried }: Sent,
  by: string,
  nowMs: number,
): IncidentDocument => ({ ...document, outbox: settleMessage(document.outbox, message.id, by, tried, nowMs) });

/**
 * Says of each intent that people were told, as long as somebody may wait to hear it, whichever run told them: one that could not
 * say it, or died before, leaves it to the next. The first receipt of a key stays.
 */
async function keepReceipts({ outbox }: IncidentDocument, reach: Reach, ports: Ports): Promise<void> {
  for (const { key, outcomeAtMs } of receiptsDue(outbox, reach, ports.nowMs())) {
    const kept = await ask(() => ports.keepReceipt(key, outcomeAtMs));
    if (!kept.isKnown) ports.reportProblem(`a receipt could not be kept, so that an act may wait in vain: ${kept.why}`);
  }
}
