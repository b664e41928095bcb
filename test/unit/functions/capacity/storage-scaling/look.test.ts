import { describe, expect, test } from 'vitest';
import { fetchFiring, fetchLook, fetchRetentionCut } from '../../../../../functions/capacity/storage-scaling/look.ts';
import type { Ports } from '../../../../../functions/capacity/storage-scaling/ports.ts';
import type { LookRequest } from '../../../../../shared/core/cluster-view.ts';
import { DependencyError } from '../../../../../shared/core/errors.ts';
import type { Limit } from '../../../../../shared/core/policy.ts';
import { brokerView, clusterView, partitionView, topicView } from '../../../../support/health/builders.ts';
import { noonMs } from '../../../../support/storage-scaling/storage-scaling.ts';
import { openStorageWorld } from '../../../../support/storage-scaling/world.ts';

const denied = async (): Promise<never> => {
  throw new DependencyError('aws:Call', 'denied', 'denied');
};

describe('a look', () => {
  /** A look at noon, with other ports and another limit where a test has its own. */
  const look = (over: Partial<Ports> = {}, limit?: Limit, kind: 'standard' | 'express' = 'standard') => {
    const { ports } = openStorageWorld();
    const { configuration } = ports;
    const scaling = limit === undefined ? configuration.configuration.policy.scaling : { diskUsedPercent: limit };
    const policy = { ...configuration.configuration.policy, scaling };
    const bundled = {
      ...configuration,
      cluster: { ...configuration.cluster, brokerKind: kind },
      configuration: { ...configuration.configuration, policy },
    };
    return fetchLook({ ...ports, ...over, configuration: bundled }, { holdCount: 0 }, 7);
  };

  test('is judged at its own time, with the state that the act is compared with', async () => {
    expect(await look()).toMatchObject({
      atMs: noonMs,
      newestEpisode: 7,
      plan: { action: 'expand', fromGiB: 500 },
      state: { state: 'ACTIVE', currentVersion: 'V1', volumeGiB: 500, activeOperationArn: null },
      incident: null,
    });
  });

  test.each<[string, Limit, number]>([
    ['no minutes', { warning: 80 }, 0],
    ['minutes', { warning: 75, warningForMinutes: 30 }, 30],
    ['minutes of its mildest level', { notice: 70, noticeForMinutes: 45, warning: 80, warningForMinutes: 5 }, 45],
  ])('asks for a series as long as a policy of %s needs', async (_name, limit, forMinutes) => {
    const asked: unknown[] = [];
    await look(
      {
        fetchDisks: async (...what) => {
          asked.push(what);
          return [];
        },
      },
      limit,
    );
    expect(asked).toEqual([[noonMs, forMinutes]]);
  });

  test('asks brokers without volumes for none: their metric is not there', async () => {
    const fetchDisks = async (): Promise<never> => {
      throw new TypeError('asked');
    };
    const { plan } = await look({ fetchDisks }, undefined, 'express');
    expect(plan).toMatchObject({
      reason: 'unknown',
      message: expect.stringContaining('these brokers have no volumes'),
    });
  });

  test('without an answer of MSK has no state, and without one of the bucket no episode', async () => {
    expect(await look({ fetchCluster: denied, fetchEpisode: denied })).toMatchObject({
      state: null,
      newestEpisode: null,
      plan: { action: 'hold', reason: 'unknown' },
    });
    expect(await look({ fetchEpisode: async () => undefined })).toMatchObject({ newestEpisode: null });
  });

  test('knows of alarms what fires, by name', async () => {
    const alarms = [
      { name: 'a', state: 'ALARM' },
      { name: 'b', state: 'OK' },
      { name: 'c', state: 'INSUFFICIENT_DATA' },
    ];
    expect(await fetchFiring({ ...openStorageWorld().ports, fetchAlarms: async () => alarms })).toEqual(['a']);
  });
});

describe('the retention cut of a full disk', () => {
  const settings = { 'cleanup.policy': 'delete', 'retention.ms': '604800000', 'retention.bytes': '-1' };
  const ends = [partitionView(0, { earliestOffset: 100n, latestOffset: 1100n })];
  const view = clusterView({
    brokers: [
      brokerView(1),
      brokerView(2, {
        logDirectories: [{ path: '/d', usedBytes: 1000, usedBytesByTopic: { orders: 600, logs: 300, secret: 100 } }],
      }),
    ],
    topics: [topicView('orders', ends, { settings }), topicView('logs', ends, { settings }), topicView('secret', ends)],
  });
  const space = { brokerId: 2, usedGiB: 400, wantedGiB: 50 };
  const cut = async (over: Partial<Ports> = {}, wanted = space) => {
    const { ports } = openStorageWorld();
    const requests: LookRequest[] = [];
    const fetchView: Ports['fetchView'] = async (request) => {
      requests.push(request);
      return view;
    };
    const critical = [{ name: 'orders', replicationFactor: 3 }];
    const configuration = {
      ...ports.configuration,
      cluster: { ...ports.configuration.cluster, topics: { ...ports.configuration.cluster.topics, critical } },
    };
    const advice = await fetchRetentionCut({ ...ports, configuration, fetchView, ...over }, wanted);
    return { requests, sentences: advice.map(({ message }) => message) };
  };

  test('is made of topics, their settings, both ends and their bytes, and of nothing that costs more', async () => {
    expect((await cut()).requests).toEqual([
      {
        groups: false,
        commits: false,
        ends: 'both',
        logDirectories: true,
        topicBytes: true,
        topicSettings: ['cleanup.policy', 'retention.ms', 'retention.bytes', 'remote.storage.enable'],
        expectedBrokerIds: [],
      },
    ]);
  });

  test('spares what the user calls critical, and says how much could not be read', async () => {
    const { sentences } = await cut();
    expect(sentences).toEqual([
      expect.stringContaining('cut retention of 1 topic; about 60 GiB freed'),
      expect.stringMatching(/^logs: retention\.ms 604800000 → 302400000/),
      '1 more topic could not be read: left out.',
    ]);
  });

  test('says that it is not enough where it is not, by what is wanted', async () => {
    const { sentences } = await cut({}, { ...space, wantedGiB: 390 });
    expect(sentences[0]).toContain('Not enough: 390 GiB are needed.');
    expect(sentences.slice(1, 3).map((one) => one.split(':')[0])).toEqual(['logs', 'orders']);
  });

  test.each<[string, Partial<Ports>, number, string]>([
    ['the brokers do not answer', { fetchView: denied }, 2, 'since the brokers could not be asked: aws:Call: denied'],
    ['the full broker does not tell', {}, 1, "since broker 1 did not tell its topics' bytes."],
  ])('cannot be proposed where %s, and says so', async (_name, over, brokerId, why) => {
    const { sentences } = await cut(over, { ...space, brokerId });
    expect(sentences).toEqual([`No retention cut can be proposed, ${why}`]);
  });

  test('of topics that could all be read says nothing of others', async () => {
    const readable = { ...view, topics: view.topics.slice(0, 2) };
    const { sentences } = await cut({ fetchView: async () => readable });
    expect(sentences.join(' ')).not.toContain('could not be read');
  });
});
