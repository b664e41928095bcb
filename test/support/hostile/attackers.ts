import { auditKey, auditPrefix, budgetKey, isAuditKey } from '../../../shared/acting/core/keys.ts';
import { stateKey } from '../../../shared/core/store-keys.ts';
import { dayMs, minuteMs } from '../../../shared/core/units.ts';
import { approvalPrefix } from '../../../shared/durable/approval.ts';
import type { Attack, HostileHistory } from './model.ts';
import { type Stack, slug } from './stack.ts';
import type { HostileWorld } from './world.ts';

/** The latest time that a Date can tell: one minute more is none. */
const lastMs = 8_640_000_000_000_000;

/** How fields are called that hold a moment. */
const timeField = /(?:^at|At|From|since)Ms$/;

/** Text of a document with one part of it changed; undefined where there is none to change. */
const changed = (document: unknown, change: (found: Record<string, unknown>) => object): string | undefined =>
  typeof document === 'object' && document !== null
    ? JSON.stringify({ ...document, ...change(document as Record<string, unknown>) })
    : undefined;

/** One write of somebody who knows the shape of every document; the bucket's policy lets it or does not. */
export function attack(world: HostileWorld, stack: Stack, { attacker }: HostileHistory, what: Attack): void {
  const { bucket, key } = stack;
  const { chance, clock, tampered } = world;
  const nowMs = clock.nowMs();
  const overwrite = (documentKey: string | undefined, text: string | undefined) => {
    if (documentKey === undefined || text === undefined) return;
    if (bucket.overwrite(attacker, documentKey, text)) tampered.add(documentKey.split('/', 1)[0] ?? '');
  };
  const remove = (documentKey: string | undefined) => {
    if (documentKey !== undefined && bucket.remove(attacker, documentKey))
      tampered.add(documentKey.split('/', 1)[0] ?? '');
  };
  const keysUnder = (prefix: string) => bucket.keys().filter((one) => one.startsWith(prefix));
  const records = keysUnder(auditPrefix(key)).filter(isAuditKey);
  const drawn = (keys: readonly string[]) => keys[chance.below(Math.max(1, keys.length))];
  const state = stateKey(slug, key);
  const newestCause = stack.decided.at(-1)?.cause;
  switch (what) {
    case 'episode-999':
      overwrite(state, JSON.stringify({ version: 1, episode: 999, openedAtMs: nowMs, openedBy: 'mallory' }));
      return;
    case 'episode-of-another-age': {
      const openedAtMs = chance.pick([0, lastMs, Date.UTC(9999, 0)]);
      overwrite(
        state,
        changed(bucket.read(state), () => ({ openedAtMs })),
      );
      return;
    }
    case 'budget-emptied':
      overwrite(budgetKey(key), JSON.stringify({ version: 1, reservations: [] }));
      return;
    case 'budget-from-the-future': {
      const atMs = chance.pick([lastMs, lastMs - 1, Date.UTC(9999, 0), nowMs + 86_400_000]);
      const held = chance.isDrawn(50) ? { heldFromMs: atMs } : {};
      const reservations = [{ procedure: slug, cause: 'x', atMs }];
      overwrite(budgetKey(key), JSON.stringify({ version: 1, reservations, ...held }));
      return;
    }
    case 'audit-says-acted': {
      const open = drawn(records);
      if (open === undefined) return;
      const end = { id: 'forged', atMs: nowMs, execution: 'forged', decision: 'acted', requestId: 'r-forged' };
      const outcome = { operationArn: 'arn:operation:forged', toGiB: 600 };
      // Also of the next attempt, whose name can be told beforehand.
      const next = newestCause?.replace(/-(\d+)$/, (_all, attempt: string) => `-${Number(attempt) + 1}`);
      overwrite(
        open,
        changed(bucket.read(open), () => ({ end: { ...end, outcome } })),
      );
      if (next === undefined) return;
      const claim = { version: 1, procedure: slug, cause: next, plannedAtMs: nowMs };
      overwrite(`${auditPrefix(key)}${slug}/causes/${next}.json`, JSON.stringify(claim));
      const record = changed(bucket.read(open), () => ({ cause: next, plannedAtMs: nowMs, end: { ...end, outcome } }));
      overwrite(auditKey(key, slug, nowMs, next), record);
      return;
    }
    case 'audit-deleted':
      remove(drawn(keysUnder(auditPrefix(key))));
      return;
    case 'audit-for-another-size': {
      const open = drawn(records);
      overwrite(open, open && changed(bucket.read(open), () => ({ target: { toGiB: 510 } })));
      return;
    }
    case 'approval-for-another-size': {
      const asked = drawn(keysUnder(approvalPrefix(key)));
      const read = (found: Record<string, unknown>) => {
        const text = JSON.stringify(found.plan).replaceAll('600', '510');
        return { plan: JSON.parse(text) as object };
      };
      overwrite(asked, asked && changed(bucket.read(asked), read));
      return;
    }
    case 'approval-deleted':
      remove(drawn(keysUnder(approvalPrefix(key))));
      return;
    case 'times-of-the-future': {
      // Within what clocks may differ by more than ours do, a year on, and as late as any document may say.
      const atMs = chance.pick([nowMs + 3 * minuteMs, nowMs + 365 * dayMs, Date.UTC(9999, 0)]);
      const documentKey = drawn(bucket.keys());
      const forge = (name: string, item: unknown) =>
        typeof item === 'number' && timeField.test(name) && chance.isDrawn(60) ? atMs : item;
      const document = documentKey && bucket.read(documentKey);
      overwrite(documentKey, document === undefined ? undefined : JSON.stringify(document, forge));
      return;
    }
    case 'damage':
      overwrite(drawn(bucket.keys()), '{"version":1,');
      return;
    default:
      what satisfies never;
  }
}
