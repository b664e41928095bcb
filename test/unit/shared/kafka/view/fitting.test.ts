import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ClusterView, GroupView } from '../../../../../shared/core/cluster-view.ts';
import { decodeClusterView, encodeClusterView, maximumBodyBytes } from '../../../../../shared/kafka/view/payload.ts';
import { cases } from '../../../../support/depth.ts';
import { brokerView, clusterView, problem, silentBroker, topicView } from '../../../../support/health/builders.ts';
import { anyView } from '../../../../support/health/kafka-view.ts';

const sent = (view: ClusterView): ClusterView => decodeClusterView(JSON.parse(JSON.stringify(encodeClusterView(view))));

/** Text that no packing makes smaller. */
const noise = (bytes: number): string =>
  randomBytes(Math.ceil((bytes * 3) / 4))
    .toString('base64')
    .slice(0, bytes);

const group = (groupId: string, more: Partial<GroupView> = {}): GroupView => ({
  groupId,
  coordinatorId: 1,
  protocol: 'classic',
  protocolType: 'consumer',
  state: 'Stable',
  members: [],
  ...more,
});
const member = (memberId: string, more = {}) => ({
  memberId,
  clientId: 'billing',
  host: '/10.0.0.1',
  assignment: [{ topic: 'orders', partitions: [0] }],
  ...more,
});

describe('one long text never spoils the whole', () => {
  const long = noise(10 * 1024 * 1024);

  test.each<readonly [string, Partial<ClusterView>]>([
    ['client id', { groups: [group('a', { members: [member('m', { clientId: long })] })] }],
    ['host', { groups: [group('a', { members: [member('m', { host: long })] })] }],
    ['member id', { groups: [group('a', { members: [member(long)] })] }],
    ['protocol type', { groups: [group('a', { protocolType: long })] }],
    ['state', { groups: [group('a', { state: long })] }],
    ['error message of a group', { groups: [group('a', { problem: problem('kafka-error', long) })] }],
    ['error message of a topic', { topics: [topicView('orders', [], { problem: problem('kafka-error', long) })] }],
    ['error message of a broker', { brokers: [silentBroker(1, problem('bad-answer', long))] }],
    ['rack', { brokers: [brokerView(1, { rack: long })] }],
    ['log directory', { brokers: [brokerView(1, { logDirectories: [{ path: long }] })] }],
    ['value of a setting', { topics: [topicView('orders', [], { settings: { 'min.insync.replicas': '2', long } })] }],
  ])('a %s of 10 MB', (_what, more) => {
    const view = clusterView({ groups: [group('other')], ...more });
    const come = sent(view);
    expect(JSON.stringify(come).length).toBeLessThan(20_000);
    expect(come.topics.map(({ name }) => name)).toEqual(view.topics.map(({ name }) => name));
    expect(come.groups?.map(({ groupId }) => groupId)).toEqual(view.groups?.map(({ groupId }) => groupId));
    expect(come.problems).toEqual(view.problems);
  });

  test('what is shortened says so, and two that differ at their end stay two', () => {
    const [first, second] = ['1', '2'].map((end) => member(`${'x'.repeat(5_000)}${end}`));
    if (first === undefined || second === undefined) throw new Error('no members');
    const ids = sent(clusterView({ groups: [group('a', { members: [first, second] })] })).groups?.[0]?.members.map(
      ({ memberId }) => memberId,
    );
    expect(new Set(ids).size).toBe(2);
    for (const id of ids ?? []) expect(id).toMatch(/^x+… \[truncated\] \([0-9a-f]{16}\)$/);
  });

  test('a setting that is too long is left out with a problem, and the others are told', () => {
    const settings = { 'min.insync.replicas': '2', 'follower.replication.throttled.replicas': '0:1,'.repeat(5_000) };
    const [topic] = sent(clusterView({ topics: [topicView('orders', [], { settings })] })).topics;
    expect(topic?.settings).toEqual({ 'min.insync.replicas': '2' });
    expect(topic?.settingsProblem).toEqual({ kind: 'too-large', message: expect.stringContaining('1 of 2 settings') });
  });
});

describe('a look that does not fit leaves out what fewest rules need, and says so', () => {
  const members = (count: number) => Array.from({ length: count }, (_, index) => member(`${index}-${noise(900)}`));
  const view = clusterView({
    topics: [topicView('orders')],
    groups: [group('a', { members: members(9_000) }), group('b', { members: members(1_000) }), group('c')],
  });

  test('members first, with their count in each group', () => {
    const come = sent(view);
    expect(
      come.groups?.map(({ groupId, members: left, membersLeftOut }) => [groupId, left.length, membersLeftOut]),
    ).toEqual([
      ['a', 0, 9_000],
      ['b', 0, 1_000],
      ['c', 0, undefined],
    ]);
    expect(come.problems).toEqual([
      { what: 'members', problem: { kind: 'too-large', message: expect.stringContaining('10000 members') } },
    ]);
    expect(come.topics).toEqual(view.topics);
  });

  test('a group whose id fills an answer is left out and counted, never shortened', () => {
    const long = Array.from({ length: 300 }, (_, index) => group(`${index}${noise(32_000)}`));
    const come = sent(clusterView({ groups: [group('a'), ...long], topics: [topicView('orders')] }));
    expect(come.groups?.map(({ groupId }) => groupId)).toEqual(['a']);
    expect(come.problems).toMatchObject([
      { what: 'groups', problem: { kind: 'too-large', message: expect.stringContaining('300 groups') } },
    ]);
  });

  test('a long id of a group stays whole where there is room', () => {
    const groupId = noise(32_000);
    expect(sent(clusterView({ groups: [group(groupId)] })).groups?.[0]?.groupId).toBe(groupId);
  });

  test('whatever the view and the room: it fits, what stays is as it was, and what is missing is told', () => {
    fc.assert(
      fc.property(anyView, fc.integer({ min: 200, max: 4_000 }), (each, bodyBytes) => {
        let payload: ReturnType<typeof encodeClusterView>;
        try {
          payload = encodeClusterView(each, { bodyBytes, uncompressedBytes: 10 * bodyBytes });
        } catch (error) {
          expect(error).toMatchObject({
            name: 'DependencyError',
            failure: 'failed',
            message: expect.stringContaining('too large'),
          });
          return;
        }
        expect(payload.body.length).toBeLessThanOrEqual(bodyBytes);
        const come = decodeClusterView(JSON.parse(JSON.stringify(payload)));
        expect(come.topics.map(({ name, partitions }) => [name, partitions.length])).toEqual(
          each.topics.map(({ name, partitions }) => [name, partitions.length]),
        );
        expect(come.brokers.map(({ id }) => id)).toEqual(each.brokers.map(({ id }) => id));
        const told = new Set(
          come.problems.filter(({ problem: { kind } }) => kind === 'too-large').map(({ what }) => what),
        );
        if (come.groups?.length !== each.groups?.length) expect(told).toContain('groups');
        const countOf = (groups: readonly GroupView[] = []) =>
          groups.reduce((sum, { members: own, membersLeftOut = 0 }) => sum + own.length + membersLeftOut, 0);
        if (come.groups?.length === each.groups?.length) expect(countOf(come.groups)).toBe(countOf(each.groups));
        for (const [index, { commits, commitsProblem }] of (come.groups ?? []).entries())
          if (come.groups?.length === each.groups?.length && commits === undefined && each.groups?.[index]?.commits)
            expect(commitsProblem?.kind).toBe('too-large');
      }),
      cases(200, 5_000),
    );
  });
});

test('a view whose brokers and topics alone do not fit is refused with its size', () => {
  const topics = Array.from({ length: 30_000 }, (_, index) => topicView(`${index}.${noise(240)}`));
  expect(() => encodeClusterView(clusterView({ topics }))).toThrow(
    expect.objectContaining({
      name: 'DependencyError',
      failure: 'failed',
      message: expect.stringMatching(/brokers and topics alone are too large.*\d+ bytes packed/),
    }),
  );
  expect(maximumBodyBytes).toBeLessThan(6 * 1024 * 1024);
});
