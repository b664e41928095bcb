import { expect, test } from 'vitest';
import { planAnnouncements, planEvents } from '../../../../../../functions/health/cluster-health/core/announcements.ts';
import type { Change } from '../../../../../../functions/health/cluster-health/core/changes.ts';
import type { HealthVerdict } from '../../../../../../functions/health/cluster-health/core/report.ts';
import type { Finding, Source } from '../../../../../../shared/core/finding.ts';

const found = (subject: string, more: Partial<Finding> = {}): Finding => ({
  check: 'disk-used',
  subject,
  severity: 'warning',
  reason: 'above-warning',
  message: `The disk of ${subject} fills.`,
  sources: ['cloudwatch'],
  evidence: {},
  ...more,
});
const change = (subject: string, more: Partial<Change> = {}): Change => ({
  kind: 'opened',
  key: `disk-used|${subject}`,
  severity: 'warning',
  toldTo: ['warning'],
  message: `The disk of ${subject} fills.`,
  ...more,
});
const verdict = (changes: readonly Change[], findings: readonly Finding[]): HealthVerdict => ({
  version: 1,
  procedure: 'cluster-health',
  cluster: 'orders',
  clusterArn: 'arn:cluster',
  runId: 'run-1',
  depth: 'light',
  at: '2026-01-14T12:00:00.000Z',
  alarmsServed: [],
  worst: 'warning',
  countBySeverity: { ok: 0, unknown: 0, notice: 0, warning: 0, critical: 0, emergency: 0 },
  sources: {},
  findings,
  notJudged: [],
  changes,
  kafkaRequestCountByApi: {},
});

test('who hears of a change hears it first, then how the cluster stands, without what is well', () => {
  const findings = [
    found('broker 1'),
    found('broker 2', { severity: 'notice' }),
    found('broker 3', { severity: 'ok' }),
  ];
  expect(planAnnouncements(verdict([change('broker 1')], findings))).toEqual([
    {
      severity: 'warning',
      headline: 'The disk of broker 1 fills.',
      findings: [
        {
          check: 'disk-used',
          subject: 'broker 1',
          severity: 'warning',
          message: 'opened: The disk of broker 1 fills.',
        },
        {
          check: 'disk-used',
          subject: 'broker 2',
          severity: 'notice',
          message: 'The disk of broker 2 fills. (CloudWatch)',
        },
      ],
      keys: ['disk-used|broker 1'],
    },
  ]);
});

test('each severity’s topic hears once, worst first, and of its own changes alone', () => {
  const told = planAnnouncements(
    verdict(
      [
        change('broker 1'),
        change('broker 2', { severity: 'critical', toldTo: ['critical', 'warning'], kind: 'worse' }),
        change('broker 3', { toldTo: [] }),
      ],
      [],
    ),
  );
  expect(told.map(({ severity, headline, keys }) => [severity, headline, keys])).toEqual([
    ['critical', 'The disk of broker 2 fills.', ['disk-used|broker 2']],
    ['warning', 'The disk of broker 1 fills. and 1 more', ['disk-used|broker 1', 'disk-used|broker 2']],
  ]);
  // The topic's severity, also of what others hear as worse.
  expect(told[1]?.findings.map(({ severity, message }) => [severity, message])).toEqual([
    ['warning', 'opened: The disk of broker 1 fills.'],
    ['warning', 'worse: The disk of broker 2 fills.'],
  ]);
});

test('what got worse is the headline before what is over', () => {
  const over = change('broker 1', { kind: 'closed' });
  const [both] = planAnnouncements(verdict([over, change('broker 2')], []));
  expect(both?.headline).toBe('The disk of broker 2 fills. and 1 more');
  const [alone] = planAnnouncements(verdict([over], []));
  expect(alone).toMatchObject({
    headline: 'over: The disk of broker 1 fills.',
    findings: [{ message: 'closed: The disk of broker 1 fills.' }],
  });
  const [eased] = planAnnouncements(verdict([change('broker 1', { kind: 'eased' })], []));
  expect(eased?.headline).toBe('The disk of broker 1 fills.');
});

test('nothing is told where nothing changed', () => {
  expect(planAnnouncements(verdict([], [found('broker 1')]))).toEqual([]);
});

test.each<[Source, string]>([
  ['msk', 'MSK API'],
  ['cloudwatch', 'CloudWatch'],
  ['brokers', 'brokers'],
  ['endpoint', 'endpoint'],
  ['configuration', 'mskeeper.yml'],
  ['mskeeper', 'mskeeper'],
])('what %s said is told as the word of %s', (source, name) => {
  const [told] = planAnnouncements(verdict([change('broker 1')], [found('broker 2', { sources: ['msk', source] })]));
  expect(told?.findings[1]?.message).toBe(`The disk of broker 2 fills. (MSK API, ${name})`);
});

test('the bus hears of every finding from notice up, and of the run', () => {
  const severities = ['ok', 'unknown', 'notice', 'warning', 'critical', 'emergency'] as const;
  const events = planEvents(
    verdict(
      [],
      severities.map((severity) => found(severity, { severity })),
    ),
  );
  expect(events.map(({ detailType }) => detailType)).toEqual([
    ...Array<string>(4).fill('mskeeper finding'),
    'mskeeper report',
  ]);
});

test('what a window holds says so, and at most twenty others are listed', () => {
  const held = found('broker 2', { evidence: { heldByWindow: 'night' } });
  const others = Array.from({ length: 30 }, (_, index) => found(`topic ${index}`));
  const [told] = planAnnouncements(verdict([change('broker 1')], [held, ...others]));
  expect(told?.findings).toHaveLength(21);
  expect(told?.findings[1]?.message).toBe('The disk of broker 2 fills. (CloudWatch) (held by window night)');
});
