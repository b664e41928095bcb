import { expect, test } from 'vitest';
import { compareWithHistory } from '../../../../../../functions/health/cluster-health/core/changes.ts';
import { evaluateHolding } from '../../../../../../functions/health/cluster-health/core/holding.ts';
import {
  joinAnnouncing,
  type OpenFinding,
  settleAnnouncements,
} from '../../../../../../functions/health/cluster-health/core/memory.ts';
import type { Finding } from '../../../../../../shared/core/finding.ts';
import type { MaintenanceWindow } from '../../../../../../shared/core/maintenance-window.ts';
import { healthState, minuteMs, noonMs } from '../../../../../support/health/builders.ts';

const found = (severity: Finding['severity'], more: Partial<Finding> = {}): Finding => ({
  check: 'disk-used',
  subject: 'broker 2',
  severity,
  reason: `is-${severity}`,
  message: `it is ${severity}`,
  sources: ['cloudwatch'],
  evidence: {},
  ...more,
});
const raised = found('warning', { evidence: { unknownRuns: 3, unknownReason: 'no-data' } });
const held = found('critical', { evidence: { heldByWindow: 'nightly' } });
const open = (severity: OpenFinding['severity'], announced?: OpenFinding['severity']): OpenFinding => ({
  severity,
  reason: `is-${severity}`,
  sinceMs: noonMs - 60 * minuteMs,
  ...(announced !== undefined && { announced }),
});
const key = 'disk-used|broker 2';
const compare = (now: readonly Finding[], before: OpenFinding | undefined) =>
  compareWithHistory(now, [], before && healthState({ openByKey: { [key]: before } }), noonMs);

test.each([
  ['a warning that is new', [found('warning')], undefined, ['opened'], 'warning'],
  ['an emergency that is new', [found('emergency')], undefined, ['opened'], 'emergency'],
  ['a notice that is new', [found('notice')], undefined, [], undefined],
  ['an unknown that is new', [found('unknown')], undefined, [], undefined],
  ['an unknown of three runs', [raised], open('unknown'), ['opened'], 'warning'],
  ['the same as last told', [found('warning')], open('warning', 'warning'), [], 'warning'],
  ['worse than last told', [found('critical')], open('warning', 'warning'), ['worse'], 'critical'],
  ['milder than last told', [found('warning')], open('critical', 'critical'), ['eased'], 'warning'],
  ['milder than what is worth telling', [found('notice')], open('critical', 'critical'), ['eased'], 'notice'],
  ['as mild as it was after it eased', [found('notice')], open('notice', 'notice'), [], 'notice'],
  ['a warning again after it eased', [found('warning')], open('notice', 'notice'), ['worse'], 'warning'],
  ['unknown after it eased', [found('unknown')], open('notice', 'notice'), [], 'notice'],
  ['ok after it was told', [found('ok')], open('critical', 'critical'), ['closed'], 'gone'],
  ['ok after it was told that it eased', [found('ok')], open('notice', 'notice'), ['closed'], 'gone'],
  ['ok after it was never told', [found('ok')], open('notice'), [], 'gone'],
  ['unknown after it was told', [found('unknown')], open('critical', 'critical'), [], 'critical'],
  ['unknown for long after worse was told', [raised], open('critical', 'critical'), [], 'critical'],
  ['held by a window', [held], undefined, [], undefined],
  ['held by a window after it was told', [held], open('critical', 'critical'), [], 'critical'],
  ['told again once its window is over', [found('critical')], open('critical'), ['opened'], 'critical'],
  [
    'no longer a subject of its check',
    [found('ok', { subject: 'broker 1' })],
    open('critical', 'critical'),
    ['closed'],
    'gone',
  ],
  [
    'no subject, but its check was not judged',
    [found('ok', { check: 'other' })],
    open('critical', 'critical'),
    [],
    'critical',
  ],
  [
    'no subject, but its check is unknown as a whole',
    [found('unknown', { subject: 'brokers' })],
    open('critical', 'critical'),
    [],
    'critical',
  ],
] as const)('I2 people are told only of changes: %s', (_name, now, before, kinds, announced) => {
  const { changes, openByKey } = compare(now, before);
  expect(changes.map(({ kind }) => kind)).toEqual(kinds);
  if (announced === 'gone') expect(openByKey[key]).toBeUndefined();
  else expect(openByKey[key]?.announced).toBe(announced);
});

test('what a run left out stays open beside what it judged of the same check', () => {
  const state = healthState({ openByKey: { [key]: open('critical', 'critical') } });
  const others = [found('critical', { subject: 'broker 1' }), found('ok', { subject: 'broker 3' })];
  const { changes, openByKey } = compareWithHistory(
    others,
    [{ check: 'disk-used', reason: 'too early' }],
    state,
    noonMs,
  );
  expect(changes).toMatchObject([{ kind: 'opened', key: 'disk-used|broker 1' }]);
  expect(openByKey[key]).toEqual(open('critical', 'critical'));
});

test.each([
  ['what opens, to its own', [found('critical')], undefined, ['critical']],
  ['what is worse, to its own', [found('critical')], ['warning'], ['critical']],
  ['what eases, to who heard worse', [found('warning')], ['warning', 'emergency'], ['emergency']],
  ['what eases below what is told, to all who heard of it', [found('notice')], ['warning', 'critical'], 'all'],
  ['what is over, to all who heard of it', [found('ok')], ['warning', 'emergency'], 'all'],
  ['what is gone, to all who heard of it', [found('ok', { subject: 'broker 1' })], ['warning', 'critical'], 'all'],
] as const)('a change is told to the topics whose people it concerns: %s', (_name, now, heardBy, toldTo) => {
  const last = heardBy?.at(-1);
  const before = heardBy && last && { ...open(last, last), heardBy };
  expect(compare(now, before).changes.map((change) => change.toldTo)).toEqual([toldTo === 'all' ? heardBy : toldTo]);
});

test('a memory of the release before, which does not say who heard, closes to the topic that heard last', () => {
  expect(compare([found('ok')], open('critical', 'critical')).changes).toMatchObject([
    { kind: 'closed', severity: 'critical', toldTo: ['critical'] },
  ]);
});

test('what lasts keeps its first moment, also through an unknown; what was only unknown starts anew', () => {
  const hourAgo = noonMs - 60 * minuteMs;
  expect(compare([found('critical')], open('warning', 'warning')).openByKey[key]?.sinceMs).toBe(hourAgo);
  expect(compare([found('unknown')], open('warning', 'warning')).openByKey[key]).toMatchObject({
    sinceMs: hourAgo,
    severity: 'warning',
  });
  expect(compare([found('warning')], open('unknown')).openByKey[key]?.sinceMs).toBe(noonMs);
});

test('an announcement that was begun and not confirmed is made again after a minute', () => {
  const state = healthState({
    openByKey: { [key]: open('critical', 'critical') },
    announcing: { atMs: noonMs, openBefore: [[key], ['closed|before', open('critical', 'critical')], ['gone|since']] },
  });
  expect(settleAnnouncements(state, noonMs + 59_000).openByKey[key]?.announced).toBe('critical');
  expect(settleAnnouncements(state, noonMs + 60_000).openByKey[key]).not.toHaveProperty('announced');
  expect(settleAnnouncements(state, noonMs + 60_000).openByKey['closed|before']?.announced).toBe('critical');
  expect(settleAnnouncements(state, noonMs + 60_000).openByKey).not.toHaveProperty('gone|since');
  expect(settleAnnouncements(state, noonMs + 60_000)).not.toHaveProperty('announcing');
});

test('an announcement that died is made again after a minute, however many runs claim theirs meanwhile', () => {
  const told = open('critical', 'critical');
  let state = healthState({ openByKey: { [key]: told }, announcing: { atMs: noonMs, openBefore: [[key]] } });
  for (const seconds of [20, 40, 59]) {
    const { announcing, ...rest } = settleAnnouncements(state, noonMs + seconds * 1000);
    expect(rest.openByKey[key]?.announced).toBe('critical');
    state = { ...rest, ...joinAnnouncing(announcing, [[`claim|${seconds}`]], noonMs + seconds * 1000) };
  }
  const settled = settleAnnouncements(state, noonMs + 60_000);
  expect(settled.openByKey[key]).not.toHaveProperty('announced');
  expect(settled).not.toHaveProperty('announcing');
});

test('what a run is about to tell is as old as that run, where nobody else is telling anything', () => {
  const others = { atMs: noonMs, openBefore: [[key]] as const };
  expect(joinAnnouncing(undefined, [[key]], noonMs + 5)).toEqual({
    announcing: { atMs: noonMs + 5, openBefore: [[key]] },
  });
  expect(joinAnnouncing(others, [[key]], noonMs + 5).announcing?.atMs).toBe(noonMs + 5);
  expect(joinAnnouncing(others, [], noonMs + 5)).toEqual({ announcing: others });
});

const always: MaintenanceWindow = { name: 'nightly', impact: 'minimal', every: 'day', from: '11:00', to: '13:00' };
const never: MaintenanceWindow = { ...always, from: '02:00', to: '04:00' };
const holds = (one: Finding, windows: readonly MaintenanceWindow[], unreachableCount: number | undefined) =>
  evaluateHolding([one], windows, unreachableCount, noonMs)[0]?.evidence.heldByWindow;

test.each([
  ['one broker that is out', 'broker-answers', 'critical', 'timed-out', 1, 'nightly'],
  ['under-replicated partitions', 'under-replicated', 'critical', 'above-critical', 1, 'nightly'],
  ['MSK patching', 'cluster-state', 'notice', 'maintenance', 0, 'nightly'],
  ['sources that differ', 'source-agreement', 'warning', 'active-but-silent', 1, 'nightly'],
  ['nothing of a second broker out', 'broker-answers', 'critical', 'timed-out', 2, undefined],
  ['nothing below min ISR', 'below-min-isr', 'critical', 'above-critical', 1, undefined],
  ['not MSK healing', 'cluster-state', 'warning', 'healing', 1, undefined],
  ['no emergency', 'broker-answers', 'emergency', 'any', 1, undefined],
  ['no full disk', 'disk-used', 'critical', 'above-critical', 0, undefined],
  ['nothing that is ok', 'broker-answers', 'ok', 'answers', 0, undefined],
  // Copies out of sync may be those of many dead brokers where nobody could look.
  [
    'nothing where nobody knows how many are out',
    'under-replicated',
    'critical',
    'above-critical',
    undefined,
    undefined,
  ],
  ['no broker that nobody could look at', 'broker-answers', 'unknown', 'timed-out', undefined, undefined],
  ['MSK patching also where nobody knows', 'cluster-state', 'notice', 'maintenance', undefined, 'nightly'],
  ['not MSK patching while a second broker is out', 'cluster-state', 'notice', 'maintenance', 2, undefined],
] as const)('M3 an open window holds %s', (_name, check, severity, reason, unreachableCount, name) => {
  expect(holds(found(severity, { check, reason }), [never, always], unreachableCount)).toBe(name);
});

test('outside of a window nothing is held', () => {
  expect(holds(found('critical', { check: 'broker-answers' }), [never], 1)).toBeUndefined();
});
