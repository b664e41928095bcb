import { describe, expect, test } from 'vitest';
import {
  combine,
  finding,
  judged,
  nameFirst,
  notJudged,
  reasonOf,
  unseen,
} from '../../../../../../functions/health/cluster-health/core/judgement.ts';
import { failed, healthObservation, known, notAsked } from '../../../../../support/health/builders.ts';

const names = (count: number) => Array.from({ length: count }, (_, index) => `orders-${index}`);

test.each([
  [names(0), ''],
  [names(1), 'orders-0'],
  [names(5), 'orders-0, orders-1, orders-2, orders-3, orders-4'],
  [names(6), 'orders-0, orders-1, orders-2, orders-3, orders-4 and 1 more'],
])('%j is named as %s', (all, words) => {
  expect(nameFirst(all)).toBe(words);
});

test('fewer are named where a sentence has less room', () => {
  expect(nameFirst(names(3), 2)).toBe('orders-0, orders-1 and 1 more');
});

test.each([
  [{ severity: 'unknown' }, 'above', ['unknown', 'no-data']],
  [{ severity: 'ok' }, 'above', ['ok', 'within-policy']],
  [{ severity: 'ok', pending: 'critical' }, 'below', ['notice', 'below-not-yet-lasting']],
  [{ severity: 'warning' }, 'above', ['warning', 'above-warning']],
  [{ severity: 'warning', pending: 'critical' }, 'below', ['warning', 'below-warning']],
] as const)('a verdict %j, %s, is told as %j', (verdict, side, told) => {
  expect(reasonOf(verdict, side)).toEqual(told);
});

describe('what neither the brokers nor the metrics told is unknown', () => {
  const unknown = (source: string, call: string) => ({
    check: 'disk',
    subject: 'cluster',
    severity: 'unknown',
    reason: 'denied',
    message: `cluster: not known, because ${call} failed (denied): as the test has it`,
    sources: [source],
    evidence: { call, failure: 'denied' },
  });
  const view = failed('lambda:Invoke kafka-read');
  const metrics = failed('cloudwatch:GetMetricData');

  test.each([
    ['the brokers’ failure is named first', { view, metrics }, unknown('brokers', 'lambda:Invoke kafka-read')],
    ['where they were not asked, the metrics’', { view: notAsked, metrics }, unknown('cloudwatch', metrics.call)],
    ['where they told nothing of it, too', { metrics }, unknown('cloudwatch', metrics.call)],
  ])('%s', (_name, more, expected) => {
    expect(unseen(healthObservation(more), 'disk', 'OfflinePartitionsCount')).toEqual({
      findings: [expected],
      notJudged: [],
    });
  });

  test.each([
    ['both were asked and told nothing', { metrics: known([]) }],
    ['neither was asked', { view: notAsked, metrics: notAsked }],
  ])('%s', (_name, more) => {
    expect(unseen(healthObservation(more), 'disk', 'OfflinePartitionsCount').findings).toEqual([
      {
        check: 'disk',
        subject: 'cluster',
        severity: 'unknown',
        reason: 'no-data',
        message: 'Neither the brokers nor CloudWatch told it.',
        sources: ['brokers', 'cloudwatch'],
        evidence: {},
      },
    ]);
  });
});

test.each([
  [[{}], 'OfflinePartitionsCount (Forbidden)'],
  [[{ brokerId: 2 }], 'OfflinePartitionsCount of broker 2 (Forbidden)'],
  [[{ brokerId: 2 }, { brokerId: 3, part: 'some' }], 'all of OfflinePartitionsCount of brokers 2, 3 (Forbidden)'],
] as const)('series that CloudWatch could not give are said with its words: %j', (series, words) => {
  const metrics = series.map(
    ({ part = 'all', ...one }: { readonly brokerId?: number; readonly part?: 'all' | 'some' }) => ({
      metric: 'OfflinePartitionsCount' as const,
      ...one,
      points: [],
      unread: { part, why: 'Forbidden' },
    }),
  );
  expect(unseen(healthObservation({ metrics: known(metrics) }), 'disk', 'OfflinePartitionsCount').findings).toEqual([
    {
      check: 'disk',
      subject: 'cluster',
      severity: 'unknown',
      reason: 'series-unreadable',
      message: `The brokers did not tell it, and CloudWatch could not give ${words}.`,
      sources: ['brokers', 'cloudwatch'],
      evidence: { metric: 'OfflinePartitionsCount' },
    },
  ]);
});

test('judgements are joined in their order, with what they left out', () => {
  const one = finding('a', 'cluster', ['ok', 'fine'], 'Fine.', ['msk']);
  const other = finding('b', 'cluster', ['ok', 'fine'], 'Fine.', ['msk'], { count: 1 });
  expect(combine(judged(one), notJudged('c', 'why'), judged(other))).toEqual({
    findings: [one, other],
    notJudged: [{ check: 'c', reason: 'why' }],
  });
  expect(one.evidence).toEqual({});
});
