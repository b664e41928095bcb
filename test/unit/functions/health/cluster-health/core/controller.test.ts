import { expect, test } from 'vitest';
import { evaluateController } from '../../../../../../functions/health/cluster-health/core/controller.ts';
import {
  brokerView,
  clusterView,
  factsOf,
  failed,
  healthExpectation,
  healthObservation,
  healthState,
  known,
  metricSeries,
  minuteMs,
  noonMs,
  problem,
  silentBroker,
} from '../../../../../support/health/builders.ts';

const kraft = healthExpectation();
const zookeeper = healthExpectation({ metadataMode: 'zookeeper' });
const lambdaDown = failed('lambda:Invoke kafka-read', 'timed-out');

test.each([
  ['told by the quorum', kraft, { brokerId: 2, toldBy: 'quorum' }, 1, 'ok', 'elected'],
  ['which the quorum does not have (P0)', kraft, { toldBy: 'quorum' }, 1, 'emergency', 'none'],
  [
    'that the quorum did not tell',
    kraft,
    { toldBy: 'quorum', problem: problem('denied') },
    1,
    'unknown',
    'quorum-silent',
  ],
  [
    'told by Metadata on KRaft, a random live broker',
    kraft,
    { brokerId: 2, toldBy: 'metadata' },
    1,
    'unknown',
    'not-proven',
  ],
  ['told by Metadata with ZooKeeper', zookeeper, { brokerId: 2, toldBy: 'metadata' }, 1, 'ok', 'elected'],
  ['that Metadata does not have with ZooKeeper', zookeeper, { toldBy: 'metadata' }, 1, 'emergency', 'none'],
] as const)('H1 a controller %s', (_name, expected, controller, count, severity, reason) => {
  const seen = healthObservation({
    view: known(clusterView({ controller })),
    metrics: known(metricSeries({ ActiveControllerCount: count })),
  });
  expect(evaluateController(factsOf(seen, expected)).findings).toMatchObject([
    { severity, reason, sources: ['brokers'] },
  ]);
});

test.each([
  ['ZooKeeper, CloudWatch counts one', zookeeper, 1, 'ok', ['cloudwatch']],
  ['ZooKeeper, CloudWatch counts none', zookeeper, 0, 'emergency', ['cloudwatch']],
  ['KRaft, where the metric is no proof (6.5)', kraft, 1, 'unknown', ['brokers']],
] as const)('a controller without the brokers: %s', (_name, expected, count, severity, sources) => {
  const seen = healthObservation({
    view: lambdaDown,
    metrics: known(metricSeries({ ActiveControllerCount: count })),
  });
  expect(evaluateController(factsOf(seen, expected)).findings).toMatchObject([{ severity, sources }]);
});

test.each([
  [
    'the quorum tells',
    kraft,
    { brokerId: 2, toldBy: 'quorum' },
    {
      severity: 'ok',
      message: 'Node 2 is the controller.',
      evidence: { toldBy: 'quorum', brokerId: 2, activeControllerCount: 1 },
    },
  ],
  [
    'Metadata tells on KRaft',
    kraft,
    { brokerId: 2, toldBy: 'metadata' },
    {
      severity: 'unknown',
      reason: 'not-proven',
      message: expect.stringContaining('which proves nothing on KRaft'),
      evidence: { toldBy: 'metadata', brokerId: 2, activeControllerCount: 1 },
    },
  ],
  [
    'the quorum keeps to itself',
    kraft,
    { toldBy: 'quorum', problem: problem('denied') },
    {
      severity: 'unknown',
      reason: 'quorum-silent',
      message: 'The quorum did not tell its leader (denied): as the test has it',
      evidence: { toldBy: 'quorum', activeControllerCount: 1 },
    },
  ],
] as const)('a controller that %s is told whole', (_name, expected, controller, whole) => {
  const seen = healthObservation({ view: known(clusterView({ controller })) });
  expect(evaluateController(factsOf(seen, expected)).findings).toEqual([
    { check: 'controller', subject: 'cluster', sources: ['brokers'], reason: 'elected', ...whole },
  ]);
});

test('without a metric there is no count, and without a look no word of the brokers', () => {
  const none = healthObservation({ metrics: known([]) });
  expect(evaluateController(factsOf(none, kraft)).findings[0]?.evidence).toEqual({ toldBy: 'quorum', brokerId: 1 });
  const unseen = healthObservation({ view: lambdaDown });
  expect(evaluateController(factsOf(unseen, zookeeper)).findings[0]?.evidence).toEqual({ activeControllerCount: 1 });
  expect(evaluateController(factsOf(unseen, kraft)).findings).toMatchObject([
    { severity: 'unknown', reason: 'timed-out', evidence: { call: 'lambda:Invoke kafka-read' } },
  ]);
});

test.each([
  ['at first', undefined, 'warning'],
  ['for 5 minutes', 5, 'critical'],
] as const)(
  'a controller that hangs %s, while every broker answers, is not merely unknown',
  (_name, minutes, severity) => {
    const sinceMs = noonMs - (minutes ?? 0) * minuteMs;
    const open = { 'controller|cluster': { severity: 'warning', reason: 'quorum-hangs', sinceMs } as const };
    const seen = healthObservation({
      view: known(clusterView({ controller: { toldBy: 'quorum', problem: problem('timed-out') } })),
      previous: known(healthState({ openByKey: minutes === undefined ? {} : open })),
    });
    expect(evaluateController(factsOf(seen, kraft)).findings).toMatchObject([{ severity, reason: 'quorum-hangs' }]);
  },
);

test('a controller that a cluster of silent brokers does not tell is unknown, not absent', () => {
  const view = clusterView({ brokers: [silentBroker(1)], controller: { toldBy: 'quorum' } });
  const seen = healthObservation({ view: known(view) });
  expect(evaluateController(factsOf(seen, kraft)).findings).toMatchObject([{ severity: 'unknown' }]);
});

test('Serverless shows no controller', () => {
  const { findings, notJudged } = evaluateController(
    factsOf(healthObservation(), healthExpectation({ brokerKind: 'serverless' })),
  );
  expect(findings).toEqual([]);
  expect(notJudged).toHaveLength(1);
});

const named = (controller: number, ...silent: readonly number[]) =>
  known(
    clusterView({
      controller: { brokerId: controller, toldBy: 'metadata' },
      brokers: [1, 2, 3].map((id) => (silent.includes(id) ? silentBroker(id) : brokerView(id))),
    }),
  );
const since = (sinceMinutes: number) =>
  known(
    healthState({
      openByKey: {
        'controller|cluster': {
          severity: 'notice',
          reason: 'controller-silent',
          sinceMs: noonMs - sinceMinutes * minuteMs,
        },
      },
    }),
  );

test.each([
  ['nobody else is named', named(3, 3), named(3, 3), known(undefined), 'notice', 'controller-silent'],
  ['and after five minutes', named(3, 3), named(3, 3), since(5), 'warning', 'controller-silent'],
  ['another one is named by then', named(3, 3), named(1, 3), known(undefined), 'ok', 'elected'],
  ['it answers by then', named(3, 3), named(3), known(undefined), 'ok', 'elected'],
  ['another one was silent', named(1, 3), named(1, 3), known(undefined), 'ok', 'elected'],
] as const)(
  'with ZooKeeper a controller that is named and silent proves nothing: %s',
  (_name, view, secondView, previous, severity, reason) => {
    const seen = healthObservation({ view, secondView, previous });
    expect(evaluateController(factsOf(seen, zookeeper)).findings).toMatchObject([{ severity, reason }]);
  },
);
