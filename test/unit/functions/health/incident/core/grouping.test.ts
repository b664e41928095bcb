import { describe, expect, test } from 'vitest';
import type { Incident } from '../../../../../../functions/health/incident/core/document.ts';
import { group, mostIncidents } from '../../../../../../functions/health/incident/core/grouping.ts';
import type { Member } from '../../../../../../functions/health/incident/core/member.ts';
import { merge, mostMembers, withMember } from '../../../../../../functions/health/incident/core/membership.ts';
import type { Word } from '../../../../../../functions/health/incident/core/words.ts';
import {
  alarm,
  at,
  brokerDown,
  clusterState,
  finding,
  incidentOf,
  memberOf,
} from '../../../../../support/incident/builders.ts';

const titleOf = ({ cause: { kind, of } }: Incident): string => (of === '' ? kind : `${kind} ${of}`);
const copies = finding('under-replicated', 'cluster');
const offline = finding('offline-partitions', 'cluster', { severity: 'emergency' });
const counting = alarm('brokers-unreachable');

const fresh = (...words: readonly Word[]): readonly Member[] => words.map((one) => memberOf(one));
const titlesOf = (...words: readonly Word[]): readonly string[] =>
  group([], fresh(...words), 1, at(0)).incidents.map(titleOf);

describe('one fault is one incident', () => {
  test.each([
    [
      'a dead broker with all that follows',
      [copies, counting, brokerDown(2), offline, clusterState('healing', { severity: 'warning' })],
      ['broker-down 2'],
    ],
    ['two dead brokers are two', [brokerDown(2), brokerDown(3)], ['broker-down 2', 'broker-down 3']],
    [
      'two dead brokers while MSK patches',
      [clusterState('maintenance'), brokerDown(2), brokerDown(3)],
      ['broker-down 2', 'broker-down 3'],
    ],
    [
      'a cluster of which nobody answers swallows its brokers',
      [
        brokerDown(2),
        brokerDown(3),
        finding('cluster-answers', 'cluster', { reason: 'no-broker-answers', severity: 'emergency' }),
      ],
      ['cluster-down'],
    ],
    [
      'no controller swallows a dead broker',
      [brokerDown(2), finding('controller', 'cluster', { reason: 'none', severity: 'emergency' })],
      ['no-controller'],
    ],
    ['a disk beside a dead broker', [brokerDown(2), finding('disk-used', 'broker 2')], ['broker-down 2', 'disk 2']],
    [
      'two groups that are behind',
      [finding('lag-messages', 'group billing'), finding('lag-seconds', 'group audit')],
      ['lag billing', 'lag audit'],
    ],
    ['a notice is none', [clusterState('maintenance')], []],
    [
      'lost records are their own',
      [finding('ends-fell', 'topic orders', { severity: 'warning' }), brokerDown(2)],
      ['records-lost orders', 'broker-down 2'],
    ],
  ] as const)('%s', (_name, words, titles) => {
    expect(titlesOf(...words)).toEqual(titles);
    expect(titlesOf(...words.toReversed()).toSorted()).toEqual(titles.toSorted());
  });
  test('a notice is kept where it belongs to something worse', () => {
    const { incidents } = group([], fresh(brokerDown(2), clusterState('healing')), 1, at(0));
    expect(incidents[0]?.members.map(({ check }) => check)).toEqual(['broker-answers', 'cluster-state']);
  });
  test('ids go on', () => {
    const { incidents, nextNumber } = group([], fresh(brokerDown(2), brokerDown(3)), 7, at(3));
    expect(incidents.map(({ id, bornAtMs, climbedToMs }) => [id, bornAtMs, climbedToMs])).toEqual([
      ['7', at(3), at(3)],
      ['8', at(3), at(3)],
    ]);
    expect(nextNumber).toBe(9);
  });
});

describe('how bad it is', () => {
  const severityOf = (...words: readonly Word[]) =>
    group([], fresh(...words), 1, at(0)).incidents.map(({ severity }) => severity);
  test.each([
    ['as bad as its worst word', [brokerDown(2), offline], ['emergency']],
    ['a dead broker at least P1', [brokerDown(2, { severity: 'warning' })], ['critical']],
    [
      'a broker that nobody proved dead as its words say',
      [alarm('brokers-unreachable', { severity: 'warning' })],
      ['warning'],
    ],
    [
      'lost records P0, whatever the word',
      [finding('unread-deleted', 'topic orders', { severity: 'notice' })],
      ['emergency'],
    ],
    [
      'what follows from a dead broker is no proof of it',
      [alarm('brokers-unreachable', { severity: 'warning' }), clusterState('healing', { severity: 'warning' })],
      ['warning'],
    ],
  ] as const)('%s', (_name, words, severities) => {
    expect(severityOf(...words)).toEqual(severities);
  });
  test('it never falls', () => {
    const eased = incidentOf(
      { kind: 'disk', of: '2' },
      fresh(finding('disk-used', 'broker 2', { severity: 'warning' })),
      { severity: 'emergency' },
    );
    expect(group([eased], [], 2, at(5)).incidents[0]?.severity).toBe('emergency');
  });
  test('what is gone counts no more', () => {
    const gone = memberOf(offline, { goneAtMs: at(1) });
    const incident = incidentOf({ kind: 'replication', of: '' }, [gone, memberOf(copies)], { severity: 'warning' });
    expect(group([incident], [], 2, at(5)).incidents[0]?.severity).toBe('critical');
  });
});

describe('a cause that comes after its symptom re-roots the incident', () => {
  const missing = incidentOf({ kind: 'replication', of: '' }, fresh(copies), { severity: 'warning' });
  test('title and severity change, id and beginning stay', () => {
    const { incidents, happenings } = group([missing], fresh(brokerDown(2)), 2, at(5));
    expect(incidents).toMatchObject([
      { id: '1', cause: { kind: 'broker-down', of: '2' }, severity: 'critical', openedAtMs: at(0), bornAtMs: at(0) },
    ]);
    expect(happenings).toEqual([{ kind: 'rerooted', incidentId: '1', from: { kind: 'replication', of: '' } }]);
  });
  test('not where the cause does not explain all that is', () => {
    const both = { ...missing, members: fresh(copies, finding('log-directory', 'broker 3 /kafka')) };
    expect(group([both], fresh(brokerDown(2)), 2, at(5)).incidents.map(titleOf)).toEqual([
      'replication',
      'broker-down 2',
    ]);
  });
  test('what is over, and what is a notice, needs no explanation', () => {
    const gone = memberOf(finding('log-directory', 'broker 3 /kafka'), { goneAtMs: at(1) });
    const notice = memberOf(finding('cpu-used', 'broker 3', { severity: 'notice' }));
    const incident = { ...missing, members: [...missing.members, gone, notice] };
    expect(group([incident], fresh(brokerDown(2)), 2, at(5)).incidents.map(titleOf)).toEqual(['broker-down 2']);
  });
  test('a fault that nobody named gets its name', () => {
    const nameless = incidentOf({ kind: 'broker-down', of: '' }, fresh(counting));
    expect(group([nameless], fresh(brokerDown(3)), 2, at(1)).incidents).toMatchObject([
      { id: '1', cause: { of: '3' } },
    ]);
  });
  test.each([
    ['a remark', memberOf(finding('cpu-used', 'broker 3', { severity: 'notice' }))],
    ['what nobody knows any more', memberOf(finding('cpu-used', 'broker 3'), { isUnproven: true })],
  ])('%s proves no cause', (_name, member) => {
    const hearing = incidentOf({ kind: 'configuration', of: '' }, [member], { id: '2' });
    expect(group([missing, hearing], [], 3, at(5)).incidents.map(titleOf)).toContain('replication');
    const judged = { ...hearing, members: [memberOf(finding('cpu-used', 'broker 3'))] };
    expect(group([missing, judged], [], 3, at(5)).incidents.map(titleOf)).toEqual(['overload 3']);
  });
  test('what MSK says that it does is known by its notice', () => {
    expect(group([missing], fresh(clusterState('maintenance')), 2, at(5)).incidents.map(titleOf)).toEqual([
      'msk-maintenance',
    ]);
  });
  test('a milder cause that comes later takes nothing', () => {
    const down = incidentOf({ kind: 'broker-down', of: '2' }, fresh(brokerDown(2), copies));
    expect(group([down], fresh(finding('cpu-used', 'broker 2')), 2, at(5)).happenings).toEqual([]);
  });
  test('two that turn out to be one fault are one: that which people heard of first', () => {
    const later = incidentOf({ kind: 'broker-down', of: '' }, fresh(counting), {
      id: '2',
      openedAtMs: at(3),
      bornAtMs: at(2),
      startedAtMs: at(-5),
      severity: 'emergency',
    });
    const { incidents, happenings } = group([later, missing], fresh(brokerDown(2)), 3, at(5));
    expect(incidents).toMatchObject([{ id: '1', severity: 'emergency', startedAtMs: at(-5) }]);
    expect(incidents[0]?.members.map(({ check }) => check).toSorted()).toEqual([
      'broker-answers',
      'brokers-unreachable',
      'under-replicated',
    ]);
    expect(happenings).toContainEqual({ kind: 'joined', incidentId: '2', intoId: '1' });
  });
});

describe('a fault that is over gives what goes on back its own name', () => {
  const lag = finding('lag-messages', 'group billing');
  const groupedAt = (minute: number, ...members: readonly Member[]) =>
    group([incidentOf({ kind: 'broker-down', of: '2' }, members)], [], 2, at(minute));
  const back = memberOf(brokerDown(2), { goneAtMs: at(10) });
  test.each([
    ['lag is the dead broker’s until 15 min after its return', 24, 'broker-down 2'],
    ['and its group’s then', 25, 'lag billing'],
  ] as const)('%s', (_name, minute, title) => {
    expect(groupedAt(minute, back, memberOf(lag)).incidents.map(titleOf)).toEqual([title]);
  });
  test('while the broker is away it stays its own, however long', () => {
    expect(groupedAt(600, memberOf(brokerDown(2)), memberOf(lag)).happenings).toEqual([]);
  });
  test('a cluster that answers again, of which one broker does not, is that broker at once', () => {
    const answers = memberOf(finding('cluster-answers', 'cluster', { reason: 'no-broker-answers' }), {
      goneAtMs: at(4),
    });
    const incident = incidentOf({ kind: 'cluster-down', of: '' }, [answers, ...fresh(brokerDown(2), copies)]);
    expect(group([incident], [], 2, at(5)).incidents.map(titleOf)).toEqual(['broker-down 2']);
  });
  test('of which two do not, stays the cluster’s until it is over for long', () => {
    const answers = memberOf(finding('cluster-answers', 'cluster', { reason: 'no-broker-answers' }), {
      goneAtMs: at(4),
    });
    const incident = incidentOf({ kind: 'cluster-down', of: '' }, [answers, ...fresh(brokerDown(2), brokerDown(3))]);
    expect(group([incident], [], 2, at(5)).incidents.map(titleOf)).toEqual(['cluster-down']);
    expect(group([incident], [], 2, at(19)).incidents.map(titleOf)).toEqual(['broker-down 2']);
  });
  test('a name that another incident’s word proves is kept', () => {
    const proof = incidentOf(
      { kind: 'no-controller', of: '' },
      fresh(brokerDown(2), finding('controller', 'cluster', { reason: 'none' })),
      { id: '2' },
    );
    const incident = incidentOf({ kind: 'broker-down', of: '2' }, fresh(lag));
    expect(group([incident, proof], [], 3, at(60)).incidents.map(titleOf)).not.toContain('lag billing');
  });
});

describe('bounds', () => {
  const many = Array.from({ length: mostIncidents }, (_, index) =>
    incidentOf({ kind: 'lag', of: `g${index}` }, fresh(finding('lag-messages', `group g${index}`)), {
      id: String(index + 1),
    }),
  );
  const lagOf = (name: string, more: Partial<Word> = {}): Word => finding('lag-messages', `group ${name}`, more);
  test('50 incidents, and the 51st fault joins “many faults”', () => {
    expect(mostIncidents).toBe(50);
    const { incidents } = group(many, fresh(lagOf('a'), lagOf('b')), 51, at(0));
    expect(incidents).toHaveLength(51);
    expect(incidents.at(-1)).toMatchObject({
      cause: { kind: 'many', of: '' },
      members: [{ subject: 'group a' }, { subject: 'group b' }],
    });
    expect(group(many.slice(1), fresh(lagOf('a')), 51, at(0)).incidents.map(titleOf)).toContain('lag a');
  });
  test('what is of one of the 50 joins it', () => {
    const { incidents } = group(many, fresh(finding('lag-seconds', 'group g7')), 51, at(0));
    expect(incidents).toHaveLength(50);
    expect(incidents[7]?.members).toHaveLength(2);
  });
  test('P0 is never folded, and many faults are no fault of theirs', () => {
    const { incidents } = group(
      many,
      fresh(lagOf('a', { severity: 'emergency' }), finding('ends-fell', 'topic orders', { severity: 'warning' })),
      51,
      at(0),
    );
    expect(incidents.slice(50).map(titleOf)).toEqual(['lag a', 'records-lost orders']);
  });
  test('what becomes a P0 among the many is a fault of its own again', () => {
    const folded = group(many, fresh(lagOf('a'), lagOf('b')), 51, at(0)).incidents;
    const worse = folded.map((one) =>
      one.cause.kind === 'many'
        ? {
            ...one,
            members: one.members.map((member) =>
              member.subject === 'group b' ? { ...member, severity: 'emergency' as const } : member,
            ),
          }
        : one,
    );
    const { incidents } = group(worse, [], 52, at(1));
    expect(incidents.slice(50)).toMatchObject([
      { id: '51', cause: { kind: 'many' }, severity: 'critical', members: [{ subject: 'group a' }] },
      { id: '52', cause: { kind: 'lag', of: 'b' }, severity: 'emergency', members: [{ subject: 'group b' }] },
    ]);
    const alone = [
      incidentOf({ kind: 'many', of: '' }, [
        memberOf(lagOf('a', { severity: 'emergency' })),
        memberOf(lagOf('b', { severity: 'emergency' })),
      ]),
    ];
    expect(group(alone, [], 2, at(1)).incidents.map((one) => [one.id, titleOf(one)])).toEqual([
      ['1', 'lag a'],
      ['2', 'lag b'],
    ]);
  });
  test('a notice beyond the bound is dropped, not folded', () => {
    expect(group(many, fresh(lagOf('a', { severity: 'notice' })), 51, at(0)).incidents).toHaveLength(50);
  });

  const full = incidentOf(
    { kind: 'other', of: '' },
    Array.from({ length: mostMembers }, (_, index) =>
      memberOf(finding(`c${index}`, 'cluster', { severity: 'warning' })),
    ),
  );
  test('200 members; more are counted, once each however often they come', () => {
    expect(mostMembers).toBe(200);
    const more = fresh(
      finding('x', 'cluster', { severity: 'warning' }),
      finding('y', 'cluster', { severity: 'warning' }),
    );
    const once = group([full], more, 2, at(0)).incidents;
    const twice = group(once, more, 2, at(5)).incidents;
    expect(once[0]).toMatchObject({ leftOutCount: 2 });
    expect(twice[0]).toMatchObject({ leftOutCount: 2 });
    expect(twice[0]?.members).toHaveLength(200);
    expect(group(twice, [], 2, at(6)).incidents[0]?.leftOutCount).toBe(2);
  });
  test('one that is gone makes room', () => {
    const gone = {
      ...full,
      members: full.members.map((one, index) => (index === 3 ? { ...one, goneAtMs: at(1) } : one)),
    };
    const joined = withMember(gone, memberOf(finding('x', 'cluster')));
    expect(joined.members).toHaveLength(200);
    expect(joined.members.map(({ check }) => check)).toEqual(expect.arrayContaining(['x', 'c2', 'c4']));
    expect(joined.members.map(({ check }) => check)).not.toContain('c3');
    expect(joined.leftOutCount).toBe(0);
  });
  test('a worse one takes the place of the mildest', () => {
    const joined = withMember(full, memberOf(finding('x', 'cluster', { severity: 'emergency' })));
    expect(joined.members.at(-1)?.check).toBe('x');
    expect(joined).toMatchObject({ leftOutCount: 1 });
    expect(joined.members.map(({ check }) => check)).not.toContain('c0');
    expect(
      group([full], fresh(finding('x', 'cluster', { severity: 'emergency' })), 2, at(0)).incidents[0]?.severity,
    ).toBe('emergency');
  });
  test('the mildest wherever it stands, and nobody’s place for one that is no worse', () => {
    const members = full.members.map((one, index) => (index === 7 ? { ...one, severity: 'notice' as const } : one));
    const joined = withMember({ ...full, members }, memberOf(finding('x', 'cluster', { severity: 'warning' })));
    expect(joined.members.map(({ check }) => check)).not.toContain('c7');
    expect(joined.members).toHaveLength(200);
    const equal = withMember(full, memberOf(finding('x', 'cluster', { severity: 'warning' })));
    expect(equal.members).toEqual(full.members);
    expect(equal.leftOutCount).toBe(1);
  });
  test('the beginning of one that is left out counts', () => {
    expect(
      withMember(full, memberOf(finding('x', 'cluster', { severity: 'warning', sinceMs: at(-9) }))).startedAtMs,
    ).toBe(at(-9));
  });
});

describe('who deals with one of two that are one deals with both', () => {
  const acknowledgement = { by: 'alice', atMs: at(0), untilMs: at(30), severity: 'critical' } as const;
  const cause = { kind: 'broker-down', of: '2' } as const;
  const first = incidentOf(cause, fresh(brokerDown(2)));
  const second = incidentOf(cause, fresh(copies), { id: '2', acknowledgement, openedAtMs: at(1), leftOutCount: 3 });
  test('the acknowledgement of either', () => {
    expect(merge([first, second]).incidents).toMatchObject([{ id: '1', acknowledgement, leftOutCount: 3 }]);
    const own = { ...acknowledgement, by: 'bob' };
    expect(merge([{ ...first, acknowledgement: own }, second]).incidents).toMatchObject([{ acknowledgement: own }]);
    expect(merge([first, { ...first, id: '2' }]).incidents[0]).not.toHaveProperty('acknowledgement');
  });
  test('of two that nobody heard of the older stays, then that of the lower number', () => {
    const { openedAtMs: _never, ...unheard } = first;
    const idOf = (...incidents: readonly Incident[]) => merge(incidents).incidents.map(({ id }) => id);
    expect(idOf({ ...unheard, id: '9', bornAtMs: at(2) }, { ...unheard, id: '10', bornAtMs: at(1) })).toEqual(['10']);
    expect(idOf({ ...unheard, id: '10' }, { ...unheard, id: '9' })).toEqual(['9']);
    expect(idOf({ ...unheard, id: '1' }, { ...first, id: '2' })).toEqual(['2']);
  });
});
