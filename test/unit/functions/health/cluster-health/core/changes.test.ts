import { describe, expect, test } from 'vitest';
import { compareWithHistory } from '../../../../../../functions/health/cluster-health/core/changes.ts';
import {
  confirmOffer,
  type OpenFinding,
  type UntoldChange,
} from '../../../../../../functions/health/cluster-health/core/memory.ts';
import type { Finding } from '../../../../../../shared/core/finding.ts';
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
const hourAgo = noonMs - 60 * minuteMs;
const open = (severity: OpenFinding['severity'], announced?: OpenFinding['severity']): OpenFinding => ({
  severity,
  reason: `is-${severity}`,
  sinceMs: hourAgo,
  ...(announced !== undefined && { announced }),
});
const key = 'disk-used|broker 2';
const look = { runId: 'run-1', atMs: noonMs };
const compare = (now: readonly Finding[], before: OpenFinding | undefined, untold?: UntoldChange) => {
  const state = {
    openByKey: before === undefined ? {} : { [key]: before },
    untoldByKey: untold === undefined ? {} : { [key]: untold },
  };
  return compareWithHistory(
    now,
    [],
    before === undefined && untold === undefined ? undefined : healthState(state),
    look,
  );
};

test.each([
  ['a warning that is new', [found('warning')], undefined, ['opened'], 'warning'],
  ['an emergency that is new', [found('emergency')], undefined, ['opened'], 'emergency'],
  ['a notice that is new', [found('notice')], undefined, ['opened'], 'notice'],
  ['an unknown that is new', [found('unknown')], undefined, [], undefined],
  ['an unknown of three runs', [raised], open('unknown'), ['opened'], 'warning'],
  ['the same as last told', [found('warning')], open('warning', 'warning'), [], 'warning'],
  ['worse than last told', [found('critical')], open('warning', 'warning'), ['worse'], 'critical'],
  ['milder than last told', [found('warning')], open('critical', 'critical'), ['eased'], 'warning'],
  ['much milder than last told', [found('notice')], open('critical', 'critical'), ['eased'], 'notice'],
  ['as mild as it was after it eased', [found('notice')], open('notice', 'notice'), [], 'notice'],
  ['a warning again after it eased', [found('warning')], open('notice', 'notice'), ['worse'], 'warning'],
  ['unknown after it eased', [found('unknown')], open('notice', 'notice'), [], 'notice'],
  ['ok after it was told', [found('ok')], open('critical', 'critical'), ['closed'], 'gone'],
  ['ok after it was told that it eased', [found('ok')], open('notice', 'notice'), ['closed'], 'gone'],
  ['ok after it was never told', [found('ok')], open('unknown'), [], 'gone'],
  ['unknown after it was told', [found('unknown')], open('critical', 'critical'), [], 'critical'],
  ['unknown for long after worse was told', [raised], open('critical', 'critical'), [], 'critical'],
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
] as const)('I2 only changes are told as such: %s', (_name, now, before, kinds, announced) => {
  const { changes, openByKey, untoldByKey } = compare(now, before);
  expect(changes.map(({ kind }) => kind)).toEqual(kinds);
  expect(Object.values(untoldByKey)).toEqual(changes.map(({ key: _key, ...change }) => ({ ...change, offer: look })));
  if (announced === 'gone') expect(openByKey[key]).toBeUndefined();
  else expect(openByKey[key]?.announced).toBe(announced);
});

test('what is as it was is told as that, with when it began: from notice up, and nothing that is over or unknown', () => {
  expect(compare([found('warning')], open('warning', 'warning')).unchanged).toEqual([
    { finding: found('warning'), sinceMs: hourAgo },
  ]);
  expect(compare([raised], open('critical', 'critical')).unchanged).toEqual([{ finding: raised, sinceMs: hourAgo }]);
  for (const now of [found('critical'), found('ok'), found('unknown'), found('ok', { subject: 'broker 1' })])
    expect(compare([now], open('warning', 'warning')).unchanged).toEqual([]);
});

test('what is told first is what is worst', () => {
  const others = ['notice', 'emergency', 'warning'] as const;
  const now = others.map((severity) => found(severity, { subject: severity }));
  expect(compare(now, undefined).changes.map(({ severity }) => severity)).toEqual(['emergency', 'warning', 'notice']);
  const before = Object.fromEntries(others.map((one) => [`disk-used|${one}`, open(one, one)]));
  const { unchanged } = compareWithHistory(now, [], healthState({ openByKey: before }), look);
  expect(unchanged.map(({ finding }) => finding.severity)).toEqual(['emergency', 'warning', 'notice']);
});

test('what is gone is told as it was last known, by who looked for it and did not find it', () => {
  const others = [found('ok', { subject: 'broker 1' }), found('ok', { subject: 'broker 3', sources: ['brokers'] })];
  expect(compare(others, open('critical', 'critical')).changes).toEqual([
    {
      ...{ kind: 'closed', key, severity: 'critical', sinceMs: hourAgo, atMs: noonMs },
      finding: {
        ...{ check: 'disk-used', subject: 'broker 2', severity: 'ok', reason: 'is-critical' },
        message: 'broker 2: disk-used is no longer found (was is-critical).',
        sources: ['cloudwatch', 'brokers'],
        evidence: { severityBefore: 'critical' },
      },
    },
  ]);
});

test('what a run left out stays open beside what it judged of the same check', () => {
  const state = healthState({ openByKey: { [key]: open('critical', 'critical') } });
  const others = [found('critical', { subject: 'broker 1' }), found('ok', { subject: 'broker 3' })];
  const { changes, openByKey, judgedChecks } = compareWithHistory(
    others,
    [{ check: 'disk-used', reason: 'too early' }],
    state,
    look,
  );
  expect(changes).toMatchObject([{ kind: 'opened', key: 'disk-used|broker 1' }]);
  expect(openByKey[key]).toEqual(open('critical', 'critical'));
  expect(judgedChecks).toEqual([]);
});

test('what mskeeper.yml does not ask for any more is over, and says why', () => {
  const state = healthState({ openByKey: { [key]: open('critical', 'critical') } });
  const leftOut = [{ check: 'disk-used', reason: 'the policy names no diskUsedPercent', isUnwanted: true }] as const;
  const { changes, openByKey, judgedChecks } = compareWithHistory([], leftOut, state, look);
  expect(openByKey).toEqual({});
  expect(judgedChecks).toEqual(['disk-used']);
  expect(changes).toEqual([
    {
      ...{ kind: 'closed', key, severity: 'critical', sinceMs: hourAgo, atMs: noonMs },
      finding: {
        ...{ check: 'disk-used', subject: 'broker 2', severity: 'ok', reason: 'is-critical' },
        message: 'broker 2: disk-used is not judged any more (was is-critical): the policy names no diskUsedPercent.',
        sources: ['configuration'],
        evidence: { severityBefore: 'critical' },
      },
    },
  ]);
});

test('what nobody heard of ends without a word where it is not asked for any more', () => {
  const state = healthState({ openByKey: { [key]: open('unknown') } });
  const leftOut = [{ check: 'disk-used', reason: 'x', isUnwanted: true }] as const;
  expect(compareWithHistory([], leftOut, state, look)).toMatchObject({ changes: [], openByKey: {} });
});

test.each([
  ['found', [found('critical'), found('ok', { subject: 'broker 1' })], [], ['disk-used']],
  ['left out of it', [found('critical')], [{ check: 'disk-used', reason: 'too early' }], []],
  ['unknown of it', [found('critical'), found('unknown', { subject: 'broker 1' })], [], []],
  ['unknown of it for long', [found('critical', { subject: 'broker 1' }), raised], [], []],
  ['only left out', [], [{ check: 'disk-used', reason: 'too early' }], []],
  ['not asked for', [], [{ check: 'disk-used', reason: 'no limit', isUnwanted: true }], ['disk-used']],
] as const)('a check is judged whole where nothing of it is unknown or left out: %s', (_name, now, leftOut, checks) => {
  expect(compareWithHistory(now, leftOut, healthState(), look).judgedChecks).toEqual(checks);
});

test('what lasts keeps its first moment, also through an unknown; what was only unknown starts anew', () => {
  expect(compare([found('critical')], open('warning', 'warning')).openByKey[key]?.sinceMs).toBe(hourAgo);
  expect(compare([found('critical')], open('warning', 'warning')).changes).toMatchObject([{ sinceMs: hourAgo }]);
  expect(compare([found('unknown')], open('warning', 'warning')).openByKey[key]).toMatchObject({
    sinceMs: hourAgo,
    severity: 'warning',
  });
  expect(compare([found('warning')], open('unknown')).openByKey[key]?.sinceMs).toBe(noonMs);
  expect(compare([found('ok')], open('warning', 'warning')).changes).toMatchObject([{ sinceMs: hourAgo }]);
});

test('what is open keeps what was last judged of it, and an unknown no more than where nothing was', () => {
  const judged = { ...open('critical', 'critical'), finding: found('critical', { message: 'as it was' }) };
  expect(compare([found('unknown')], judged).openByKey[key]?.finding).toEqual(judged.finding);
  expect(compare([raised], judged).openByKey[key]?.finding).toEqual(judged.finding);
  expect(compare([found('critical')], judged).openByKey[key]?.finding).toEqual(found('critical'));
  expect(compare([found('unknown')], undefined).openByKey[key]?.finding).toEqual(found('unknown'));
  expect(compare([found('unknown')], open('critical', 'critical')).openByKey[key]?.finding).toEqual(found('unknown'));
});

describe('what the bus is not known to have taken', () => {
  const seenMs = noonMs - 5 * minuteMs;
  const untold = (severity: UntoldChange['severity'], more: Partial<UntoldChange> = {}): UntoldChange => ({
    ...{ kind: 'opened', severity, sinceMs: hourAgo, atMs: seenMs, finding: found(severity) },
    ...more,
  });
  const over = untold('critical', { kind: 'closed', finding: found('ok') });

  test('is told by the next run, whether it judged it or not: as it is now, else as it was', () => {
    const again = found('critical', { message: 'and it still is' });
    expect(compare([again], open('critical', 'critical'), untold('critical')).changes).toEqual([
      { ...untold('critical'), key, atMs: noonMs, finding: again },
    ]);
    for (const now of [[], [found('unknown')], [raised], [found('ok', { check: 'other' })]])
      expect(compare(now, open('critical', 'critical'), untold('critical')).changes).toEqual([
        { ...untold('critical'), key },
      ]);
  });

  test('is an opening however it changes, until it is taken', () => {
    const worse = compare([found('emergency')], open('critical', 'critical'), untold('critical'));
    expect(worse.changes).toMatchObject([{ kind: 'opened', finding: { severity: 'emergency' }, sinceMs: hourAgo }]);
    const eased = compare([found('notice')], open('critical', 'critical'), untold('critical'));
    expect(eased.changes).toMatchObject([{ kind: 'opened', finding: { severity: 'notice' } }]);
  });

  test('is taken back where it is as the bus knew it before, for it may be there all the same', () => {
    const worse = untold('critical', { kind: 'worse' });
    expect(compare([found('warning')], open('critical', 'critical'), worse).changes).toMatchObject([
      { kind: 'eased', finding: { severity: 'warning' } },
    ]);
  });

  test('is over where it is over, for it may be there all the same', () => {
    expect(compare([found('ok')], open('critical', 'critical'), untold('critical')).changes).toMatchObject([
      { kind: 'closed', sinceMs: hourAgo, atMs: noonMs },
    ]);
  });

  test('an end is told by the next run as of when it was seen, and a new beginning is one', () => {
    for (const now of [[], [found('ok')], [found('unknown')]])
      expect(compare(now, undefined, over).changes).toEqual([{ ...over, key }]);
    expect(compare([found('warning')], undefined, over).changes).toMatchObject([
      { kind: 'opened', sinceMs: noonMs, finding: { severity: 'warning' } },
    ]);
  });

  const toldBy = (atMs: number, change = untold('critical')) => ({ ...change, offer: { runId: 'another', atMs } });

  test('was seen, and began, no later than now, whatever a clock that was wrong wrote', () => {
    const some = noonMs + 60 * minuteMs;
    const ahead = untold('critical', { atMs: some, sinceMs: some });
    expect(compare([], open('critical', 'critical'), ahead).changes).toMatchObject([{ atMs: noonMs, sinceMs: noonMs }]);
    // Two clocks that work differ by as much.
    const soon = untold('critical', { atMs: noonMs + minuteMs });
    expect(compare([], open('critical', 'critical'), soon).changes).toMatchObject([{ atMs: noonMs + minuteMs }]);
  });

  test('is left to who tells it just now, for a minute', () => {
    for (const change of [untold('critical'), over]) {
      const now = change === over ? [found('ok')] : [found('critical')];
      const before = change === over ? undefined : open('critical', 'critical');
      const left = toldBy(noonMs - minuteMs + 1, change);
      expect(compare(now, before, left)).toMatchObject({ changes: [], untoldByKey: { [key]: left } });
      expect(compare(now, before, toldBy(noonMs - minuteMs, change)).changes).toHaveLength(1);
      // A clock that is wrong keeps nothing from being told.
      expect(compare(now, before, toldBy(noonMs + 60 * minuteMs, change)).changes).toHaveLength(1);
    }
    expect(compare([found('critical')], open('critical', 'critical'), toldBy(noonMs)).unchanged).toHaveLength(1);
  });

  test('is told where it changed, whoever tells what it was', () => {
    expect(compare([found('ok')], open('critical', 'critical'), toldBy(noonMs)).changes).toMatchObject([
      { kind: 'closed' },
    ]);
  });

  test('is struck out once it is taken, and is nobody’s where it was refused; what another look offers is that one’s', () => {
    const own = { ...untold('critical'), offer: look };
    const state = healthState({ untoldByKey: { taken: own, refused: own, other: toldBy(noonMs) } });
    expect(confirmOffer(state, look, new Set(['taken', 'other'])).untoldByKey).toEqual({
      refused: untold('critical'),
      other: toldBy(noonMs),
    });
    // A run looks more than once.
    expect(confirmOffer(state, { ...look, atMs: noonMs + 1 }, new Set(['taken'])).untoldByKey).toEqual(
      state.untoldByKey,
    );
  });
});
