import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import { askInChunks } from '../../../../../shared/kafka/look/chunks.ts';
import { type FakeCluster, fakeCluster, listedGroups } from '../../../../support/kafka/fake-cluster.ts';
import { look } from './look-under-test.ts';

const tooLarge = new DependencyError('Kafka DescribeGroups', 'bad-answer', 'an answer of 73400320 bytes', {
  facts: { refusal: 'too-large' },
});
const unreadable = new DependencyError('Kafka OffsetFetch', 'bad-answer', 'an answer that cannot be read');
const late = new DependencyError('Kafka DescribeGroups', 'timed-out', 'no answer in time');

/** The cluster, where one API's answer about too many groups, or about one bad group, fails. */
const failing = (cluster: FakeCluster, api: string, failureOf: (groupIds: readonly string[]) => Error | undefined) => {
  const asked: number[] = [];
  const open: FakeCluster['open'] = async (options) => {
    const connection = await cluster.open(options);
    return {
      ...connection,
      ask: async (codec, request, timeoutMs) => {
        const groupIds = Reflect.get(Object(request), 'groupIds');
        if (codec.name === api && Array.isArray(groupIds)) {
          asked.push(groupIds.length);
          const failure = failureOf(groupIds);
          if (failure !== undefined) throw failure;
        }
        return connection.ask(codec, request, timeoutMs);
      },
    };
  };
  return { cluster: { ...cluster, open }, asked };
};

describe('what does not fit into one answer is asked for in halves', () => {
  test('until it fits, and every group is described', async () => {
    const { cluster, asked } = failing(fakeCluster({ groups: listedGroups(900) }), 'DescribeGroups', (ids) =>
      ids.length > 100 ? tooLarge : undefined,
    );
    const { groups = [], requestCountByApi } = await look(cluster);
    expect(groups).toHaveLength(900);
    expect(groups.filter(({ problem }) => problem !== undefined)).toEqual([]);
    // 300 a broker: one, two of 150, four of 75.
    expect(requestCountByApi.DescribeGroups).toBe(3 * 7);
    expect(asked.filter((count) => count <= 100)).toHaveLength(3 * 4);
  });

  test('down to the one that is too large by itself: it alone is told so, with its commits', async () => {
    const { cluster } = failing(fakeCluster({ groups: listedGroups(900) }), 'DescribeGroups', (ids) =>
      ids.includes('group-7') ? tooLarge : undefined,
    );
    const { groups = [] } = await look(cluster);
    const told = groups.filter(({ problem }) => problem !== undefined);
    expect(told.map(({ groupId, problem }) => [groupId, problem?.kind])).toEqual([['group-7', 'too-large']]);
    expect(told[0]).toMatchObject({ state: 'Empty', commits: [{}, {}] });
  });

  test('also where one group spoils the bytes of an answer', async () => {
    const { cluster } = failing(fakeCluster({ groups: listedGroups(900) }), 'OffsetFetch', (ids) =>
      ids.includes('group-8') ? unreadable : undefined,
    );
    const { groups = [] } = await look(cluster);
    const told = groups.filter(({ commitsProblem }) => commitsProblem !== undefined);
    expect(told.map(({ groupId, commitsProblem }) => [groupId, commitsProblem?.kind])).toEqual([
      ['group-8', 'bad-answer'],
    ]);
  });

  test('but never without end, and not where time was the trouble', async () => {
    const large = failing(fakeCluster({ groups: listedGroups(900) }), 'DescribeGroups', () => tooLarge);
    const { groups = [] } = await look(large.cluster);
    expect(groups.every(({ problem }) => problem?.kind === 'too-large')).toBe(true);
    expect(large.asked.length).toBeLessThanOrEqual(3 * 41);
    const slow = failing(fakeCluster({ groups: listedGroups(900) }), 'DescribeGroups', () => late);
    await look(slow.cluster);
    expect(slow.asked).toEqual([300, 300, 300]);
  });

  test('and each item is asked for until it was answered, whichever spoil it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.uniqueArray(fc.nat(59), { maxLength: 2 }),
        fc.integer({ min: 1, max: 60 }),
        async (count, bad, size) => {
          const items = Array.from({ length: count }, (_, index) => index);
          const answered: number[] = [];
          await askInChunks(items, size, async (chunk) => {
            if (chunk.some((item) => bad.includes(item))) return { kind: 'too-large', message: 'too large' };
            answered.push(...chunk);
            return undefined;
          });
          expect(answered.toSorted((left, right) => left - right)).toEqual(items.filter((item) => !bad.includes(item)));
        },
      ),
    );
  });
});

test('where members are not wanted, groups are listed with their states and described by nobody', async () => {
  const cluster = fakeCluster({ groups: listedGroups(9) });
  const { groups = [], requestCountByApi } = await look(cluster, { members: 'none', commits: false });
  expect(groups.map(({ state, members }) => ({ state, members }))).toEqual(
    Array.from({ length: 9 }, () => ({ state: 'Empty', members: [] })),
  );
  expect(groups.filter(({ problem }) => problem !== undefined)).toEqual([]);
  expect(Object.keys(requestCountByApi).filter((api) => /Describe.*Group|GroupDescribe|OffsetFetch/.test(api))).toEqual(
    [],
  );
});

test('a group whose id no request can carry keeps a problem of its own, and the others are read', async () => {
  const [odd, ...others] = listedGroups(9);
  if (odd === undefined) throw new Error('no group');
  const groupId = 'x'.repeat(40_000);
  const { groups = [] } = await look(fakeCluster({ groups: [{ ...odd, groupId }, ...others] }));
  const told = groups.filter(({ problem }) => problem !== undefined);
  expect(told).toMatchObject([
    { groupId, problem: { kind: 'bad-answer', message: expect.stringContaining('40000 bytes') } },
  ]);
  expect(told[0]?.commitsProblem).toEqual(told[0]?.problem);
  expect(groups).toHaveLength(9);
});
