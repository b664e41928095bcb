import { expect, test } from 'vitest';
import { nothingHeard } from '../../../../../functions/health/incident/core/advance.ts';
import { emptyDocument } from '../../../../../functions/health/incident/core/document.ts';
import type { PagerWord } from '../../../../../functions/health/incident/core/ladder.ts';
import { runIncident } from '../../../../../functions/health/incident/incident.ts';
import { askPagers, openAsking } from '../../../../../functions/health/incident/pagers.ts';
import { secondMs } from '../../../../../shared/core/units.ts';
import {
  at,
  brokerDown,
  finding,
  incidentOf,
  memberOf,
  messageOf,
  nightMs,
} from '../../../../support/incident/builders.ts';
import { usualRules } from '../../../../support/incident/rules.ts';
import { openIncidentWorld } from '../../../../support/incident/world.ts';

const outbox = ['1', '2', '3'].map((id) => messageOf({ id: `${id}/1`, incidentId: id, key: id, outcome: 'delivered' }));
const answered: PagerWord = { status: 'acknowledged', by: 'bob', atMs: at(1) };

test('pagers are asked of all incidents at once, and none is waited for longer than ten seconds in all', async () => {
  const world = openIncidentWorld(() => usualRules, nightMs);
  const asking = openAsking(nightMs);
  const questions: string[] = [];
  const limits: number[] = [];
  await askPagers(['1', '2', '3'], outbox, asking, {
    ...world.ports(),
    fetchPagerWord: (_endpoint, key) => {
      questions.push(key);
      return key === '2' ? new Promise<never>(() => {}) : Promise.resolve(answered);
    },
    inTime: async (work, ms) => {
      limits.push(ms);
      return questions.at(-1) === '2' ? undefined : { value: await work };
    },
  });
  expect(questions).toEqual(['1', '2', '3']);
  expect(limits).toEqual([10 * secondMs, 10 * secondMs, 10 * secondMs]);
  expect([...asking.words.keys()]).toEqual(['1', '3']);
  expect(world.problems).toEqual(['no pager said in time who answered incident 2']);
});

test('after that nobody is asked', async () => {
  const world = openIncidentWorld(() => usualRules, nightMs);
  const asking = openAsking(nightMs);
  world.nowMs += 10 * secondMs;
  const ports = { ...world.ports(), fetchPagerWord: () => Promise.reject(new Error('asked')) };
  await askPagers(['1'], outbox, asking, ports);
  expect([[...asking.words], [...asking.ids]]).toEqual([[], ['1']]);
  expect(world.problems).toHaveLength(1);
});

test('of what joins another is asked before its page ends there, and who deals with it goes on to', async () => {
  const world = openIncidentWorld(() => usualRules, nightMs);
  const cause = { kind: 'broker-down', of: '2' } as const;
  const copies = memberOf(finding('under-replicated', 'cluster'));
  world.document = {
    ...emptyDocument,
    nextNumber: 3,
    incidents: [
      incidentOf(cause, [memberOf(brokerDown(2))]),
      incidentOf(cause, [copies], { id: '2', bornAtMs: at(1) }),
    ],
    outbox: outbox.slice(0, 2),
  };
  const asked: string[] = [];
  world.nowMs = at(3);
  await runIncident(nothingHeard, () => usualRules, {
    ...world.ports(),
    fetchPagerWord: async (_endpoint, key) => {
      asked.push(key);
      return { status: 'acknowledged', by: 'bob', atMs: at(2.5), untilMs: at(32.5) };
    },
  });
  const [only, ...others] = world.document?.incidents ?? [];
  expect(others).toEqual([]);
  expect(asked.slice(0, 1)).toEqual(['2']);
  expect(only?.acknowledgement).toEqual({ by: 'bob', atMs: at(2.5), untilMs: at(32.5), severity: 'critical' });
});
