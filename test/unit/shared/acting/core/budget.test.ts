import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BudgetDocument, planReservation } from '../../../../../shared/acting/core/budget.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const nowMs = Date.parse('2026-11-21T10:00:00Z');
const procedure = 'storage-scaling';
const documentOf = (...minutesAgo: number[]): BudgetDocument => ({
  version: 1,
  reservations: minutesAgo.map((minutes, index) => ({
    procedure,
    cause: `cause-${index}`,
    atMs: nowMs - minutes * minuteMs,
  })),
});
const reserve = (document: BudgetDocument | undefined, cause: string, actsPerHour: number) =>
  planReservation(document, { procedure, cause }, actsPerHour, nowMs);

test.each([
  ['the first act ever', undefined, 1, ['new']],
  ['a place is free', documentOf(10), 2, ['cause-0', 'new']],
  ['an old one is dropped', documentOf(63, 10), 2, ['cause-1', 'new']],
  ['one of the future counts, since clocks differ', documentOf(-1), 2, ['cause-0', 'new']],
] as const)('%s', (_what, document, actsPerHour, causes) => {
  const planned = reserve(document, 'new', actsPerHour);
  expect('document' in planned && planned.document.reservations.map(({ cause }) => cause)).toEqual(causes);
});

test('a repeat keeps its one place and moves it to now', () => {
  const planned = reserve(documentOf(50, 10), 'cause-0', 2);
  expect('document' in planned && planned.document.reservations).toEqual([
    { procedure, cause: 'cause-1', atMs: nowMs - 10 * minuteMs },
    { procedure, cause: 'cause-0', atMs: nowMs },
  ]);
});

test('the same cause of another procedure is another act', () => {
  const planned = planReservation(documentOf(1), { procedure: 'rolling-reboot', cause: 'cause-0' }, 1, nowMs);
  expect(planned).toMatchObject({ decision: 'stopped', reason: 'budget' });
});

test.each([
  ['used up', documentOf(50, 10), 2, 12],
  ['an hour and a little counts still, for clocks that differ', documentOf(61), 1, 1],
  ['a smaller budget than before waits for as many as must go', documentOf(50, 30, 10), 1, 52],
] as const)('%s', (_what, document, actsPerHour, waitMinutes) => {
  expect(reserve(document, 'new', actsPerHour)).toMatchObject({
    decision: 'stopped',
    reason: 'budget',
    retryAtMs: nowMs + waitMinutes * minuteMs,
  });
});

test('a budget of nothing never lets anything act, and names the key', () => {
  const planned = reserve(undefined, 'new', 0);
  expect(planned).toMatchObject({ reason: 'budget', message: expect.stringContaining('actsPerHour') });
  expect(planned).not.toHaveProperty('retryAtMs');
});

test('at the time that it names there is a place, and a minute before there is none', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(59), { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 4 }), (ages, limit) => {
      const document = documentOf(...ages);
      const planned = reserve(document, 'new', limit);
      if ('document' in planned) {
        expect(document.reservations.length).toBeLessThan(limit);
        return;
      }
      const at = planned.retryAtMs ?? 0;
      const ask = (atMs: number) => planReservation(document, { procedure, cause: 'new' }, limit, atMs);
      expect(ask(at)).toHaveProperty('document');
      expect(ask(at - 1)).toMatchObject({ reason: 'budget' });
    }),
  );
});

test('a place of the next two minutes is that of another clock: it counts, and says when it ends', () => {
  const document = documentOf(-2);
  expect(reserve(document, 'new', 1)).toMatchObject({ reason: 'budget', retryAtMs: nowMs + 64 * minuteMs });
  const held = { version: 1 as const, reservations: [], heldFromMs: nowMs + 2 * minuteMs };
  expect(reserve(held, 'new', 1)).toMatchObject({ reason: 'budget-unknown', retryAtMs: nowMs + 64 * minuteMs });
});

test('a time that is still to come is neither spent nor free: the budget is held from now, for an hour', () => {
  for (const aheadMs of [2 * minuteMs + 1, 3 * minuteMs, 365 * 24 * hourMs, Date.UTC(9999, 0) - nowMs]) {
    const atMs = nowMs + aheadMs;
    const far: BudgetDocument[] = [
      { ...documentOf(10), reservations: [...documentOf(10).reservations, { procedure, cause: 'x', atMs }] },
      { version: 1, reservations: [], heldFromMs: atMs },
    ];
    for (const document of far) {
      const planned = reserve(document, 'new', 9);
      expect(planned).toEqual({
        document: { version: 1, reservations: [], heldFromMs: nowMs },
        stop: expect.objectContaining({
          reason: 'budget-unknown',
          retryAtMs: nowMs + 62 * minuteMs,
          message: expect.stringContaining('budget/<cluster>.json'),
        }),
      });
      const held = 'document' in planned ? planned.document : undefined;
      const ask = (at: number) => planReservation(held, { procedure, cause: 'new' }, 9, at);
      expect(ask(nowMs + 62 * minuteMs - 1)).toMatchObject({ reason: 'budget-unknown' });
      expect(ask(nowMs + 62 * minuteMs)).toMatchObject({ document: { reservations: [{ cause: 'new' }] } });
    }
  }
});
