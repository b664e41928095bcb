import assert from 'node:assert/strict';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeClusterView,
  encodeClusterView,
  maximumBodyBytes,
  maximumUncompressedBytes,
} from '../../../../../shared/kafka/view/payload.ts';
import { cases } from '../../../../support/depth.ts';
import { brokerView, clusterView, problem, silentBroker, topicView } from '../../../../support/health/builders.ts';
import { anyView, largeView } from '../../../../support/health/kafka-view.ts';
import { namesLikeSecrets, namesOfEveryObject } from '../../../../support/names.ts';

test('every view comes back as it was, through JSON, whatever outside names are called', () => {
  fc.assert(
    fc.property(anyView, (view) => {
      const sent: unknown = JSON.parse(JSON.stringify(encodeClusterView(view)));
      // Node's own, since `toEqual` takes a key `__proto__` for no key.
      assert.deepStrictEqual(decodeClusterView(sent), structuredClone(view));
    }),
    cases(200, 5_000),
  );
});

test('the words of brokers and libraries come in without secrets, and with the names of the answer that they quote', () => {
  const password = ['hunter', '2'].join('');
  const [name = ''] = namesLikeSecrets;
  const refused = (words: string) =>
    problem('kafka-error', `INVALID_TOPIC_EXCEPTION (17): ${words} password=${password}`);
  const view = clusterView({
    brokers: [silentBroker(1, refused('b-1'))],
    topics: [topicView(name, [], { problem: refused(`Topic '${name}' is invalid,`) })],
    problems: [{ what: 'bootstrap', problem: refused('b-1') }],
  });
  const { brokers, topics, problems } = decodeClusterView(JSON.parse(JSON.stringify(encodeClusterView(view))));
  const told = 'INVALID_TOPIC_EXCEPTION (17): b-1 password=[redacted]';
  expect([brokers[0]?.problem?.message, problems[0]?.problem.message]).toEqual([told, told]);
  expect(topics[0]?.problem?.message).toBe(
    `INVALID_TOPIC_EXCEPTION (17): Topic '${name}' is invalid, password=[redacted]`,
  );
});

test('what topics with the names of every object hold comes back, topic by topic', () => {
  const usedBytesByTopic = Object.fromEntries(namesOfEveryObject.map((name, index) => [name, index]));
  const view = clusterView({
    brokers: [brokerView(1, { logDirectories: [{ path: '/d', usedBytes: 1, usedBytesByTopic }] })],
    topics: namesOfEveryObject.map((name) => topicView(name)),
  });
  const { brokers, topics } = decodeClusterView(JSON.parse(JSON.stringify(encodeClusterView(view))));
  expect(topics).toEqual(view.topics);
  expect(Object.entries(brokers[0]?.logDirectories?.[0]?.usedBytesByTopic ?? {})).toEqual(
    namesOfEveryObject.map((name, index) => [name, index]),
  );
});

test.each([[['orders', 5]], [{ orders: 'many' }], ['orders'], [null]])(
  'bytes by topic that are %j are no answer',
  (bytes) => {
    const good = encodeClusterView(clusterView());
    const directory = { path: '/d', usedBytesByTopic: bytes };
    const rows = JSON.stringify({
      ...JSON.parse(gunzipSync(Buffer.from(good.body, 'base64')).toString('utf8')),
      brokers: [{ id: 1, host: 'b', port: 1, requestCount: 1, logDirectories: [directory] }],
    });
    const body = gzipSync(rows).toString('base64');
    expect(() => decodeClusterView({ ...good, body, uncompressedBytes: Buffer.byteLength(rows) })).toThrow(
      expect.objectContaining({ failure: 'bad-answer' }),
    );
  },
);

test('10,000 partitions, 1,000 groups and 50,000 commits fit into a Lambda answer, and come back', () => {
  const view = largeView();
  const payload = encodeClusterView(view);
  expect(payload.body.length).toBeLessThan(maximumBodyBytes / 2);
  expect(decodeClusterView(payload)).toEqual(view);
});

test('an offset beyond what JavaScript counts exactly keeps its last digit', () => {
  const view = { ...largeView(), groups: [] };
  const [topic] = view.topics;
  if (topic === undefined) throw new Error('no topic');
  const [partition] = topic.partitions;
  if (partition === undefined) throw new Error('no partition');
  const latestOffset = 2n ** 62n + 1n;
  const edge = { ...view, topics: [{ ...topic, partitions: [{ ...partition, latestOffset }] }] };
  expect(decodeClusterView(encodeClusterView(edge)).topics[0]?.partitions[0]?.latestOffset).toBe(latestOffset);
});

describe('what is no view is refused by name', () => {
  const view = { ...largeView(), topics: [], groups: [] };
  const good = encodeClusterView(view);
  const packed = (json: unknown) => {
    const bytes = Buffer.from(JSON.stringify(json));
    return { ...good, body: gzipSync(bytes).toString('base64'), uncompressedBytes: bytes.length };
  };
  const rows = {
    version: 1,
    takenAtMs: 1,
    durationMs: 1,
    controller: { toldBy: 'quorum' },
    brokers: [],
    topics: [],
    witnesses: [],
    absentBrokerIds: [],
    problems: [],
    requestCountByApi: {},
    names: [],
    problemTable: [],
  };
  const bomb = gzipSync(Buffer.alloc(maximumUncompressedBytes + 1));

  test('the rows that the cases below bend are good', () => {
    expect(decodeClusterView(packed(rows)).topics).toEqual([]);
  });

  test.each<readonly [string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['text', 'view'],
    ['another version', { ...good, version: 2 }],
    ['another encoding', { ...good, encoding: 'br' }],
    ['a body that is no base64', { ...good, body: '***' }],
    ['a body that is no gzip', { ...good, body: Buffer.from('hello').toString('base64') }],
    ['a body cut short', { ...good, body: good.body.slice(0, good.body.length - 8) }],
    ['another size than told', { ...good, uncompressedBytes: good.uncompressedBytes + 1 }],
    [
      'more than it may unpack to',
      { ...good, body: bomb.toString('base64'), uncompressedBytes: maximumUncompressedBytes },
    ],
    ['JSON that is no view', packed({ hello: 'world' })],
    ['no JSON', { ...good, body: gzipSync('}').toString('base64'), uncompressedBytes: 1 }],
    ['rows of another version', packed({ ...rows, version: 2 })],
    ['a topic without a name', packed({ ...rows, topics: [[5, null, 0, null, -1, -1, []]] })],
    ['a problem that was not sent', packed({ ...rows, names: ['t'], topics: [[0, null, 0, null, -1, 3, []]] })],
    [
      'an offset that is text',
      packed({ ...rows, names: ['t'], topics: [[0, null, 0, null, -1, -1, [[0, 1, [1], 0, 0, 'x', null, -1]]]] }),
    ],
  ])('%s', (_name, payload) => {
    expect(() => decodeClusterView(payload)).toThrow(
      expect.objectContaining({ name: 'DependencyError', failure: 'bad-answer', call: 'kafka/read answer' }),
    );
  });

  test('any JSON at all', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(() => decodeClusterView(json)).toThrow(expect.objectContaining({ failure: 'bad-answer' }));
        expect(() => decodeClusterView(packed(json))).toThrow(expect.objectContaining({ failure: 'bad-answer' }));
      }),
    );
  });
});
