import { expect, test } from 'vitest';
import { type DrillReport, outcomeOf, type ScenarioReport } from '../../../../local/drill/drill-report.ts';
import { renderReportPage } from '../../../../local/drill/report-page.ts';
import type { Moment } from '../../../../local/drill/timeline.ts';
import { drawTimeline } from '../../../../local/drill/timeline-picture.ts';

const moment = (told: Partial<Moment>): Moment => ({
  atMs: 0,
  clockMs: 0,
  lane: 'brokers',
  subject: 'broker 1',
  label: 'answers',
  tone: 'good',
  ...told,
});

const scenario = (told: Partial<ScenarioReport>): ScenarioReport => ({
  name: 'broker-loss',
  title: 'One of three brokers is killed.',
  runbookRows: ['H2'],
  outcome: 'passed',
  durationSeconds: 10,
  expectations: [{ text: 'broker 2 is named', isMet: true, seen: 'broker 2', afterSeconds: 3.21 }],
  conclusions: ['Worst case by schedule: 300.7 s.'],
  moments: [moment({})],
  charts: [],
  stories: [],
  measurements: { worstCaseSeconds: 330 },
  ...told,
});

const report = (scenarios: readonly ScenarioReport[]): DrillReport => ({
  version: 1,
  startedAt: '2026-01-01T00:00:00Z',
  durationSeconds: 12,
  outcome: outcomeOf(scenarios, []),
  world: {
    kafkaVersion: '4.3.1',
    brokerCount: 3,
    areBrokersOwn: true,
    phaseSeconds: { brokers: 3.4 },
    failures: [],
    clusterKey: 'orders',
    clockRate: 10,
    measuredMetrics: ['UnderReplicatedPartitions'],
    synthesisedMetrics: ['CpuUser'],
    scales: ['1 MiB stands for 1 GiB'],
  },
  scenarios,
});

const barOf = (picture: string, label: string) => {
  const found = new RegExp(
    `<rect class="bar (\\w+)" x="([\\d.]+)"[^>]*width="([\\d.]+)"[^>]*><title>[^<]*${label}`,
  ).exec(picture);
  return found === null ? undefined : { tone: found[1], from: Number(found[2]), width: Number(found[3]) };
};

test('a state lasts until the next moment of the same subject, and the last one until the end', () => {
  const picture = drawTimeline(
    [
      moment({ atMs: 5_000, label: 'gone', tone: 'bad' }),
      moment({ atMs: 0, label: 'answers' }),
      moment({ atMs: 2_500, subject: 'broker 2', label: 'slow', tone: 'warn' }),
    ],
    10_000,
    20,
  );
  const [well, gone, slow] = ['answers', 'gone', 'slow'].map((label) => barOf(picture, label));
  expect(well).toEqual({ tone: 'good', from: 380, width: 390 });
  expect(gone).toEqual({ tone: 'bad', from: 770, width: 390 });
  expect(slow).toEqual({ tone: 'warn', from: 575, width: 585 });
});

test('an invocation is as long as it took, and a point where it took no visible time', () => {
  const picture = drawTimeline(
    [
      moment({ lane: 'functions', subject: 'cluster-health', atMs: 1_000, durationMs: 2_000, label: 'ran' }),
      moment({ lane: 'findings', subject: 'findings', atMs: 3_000, tone: 'bad', label: 'broker-answers' }),
    ],
    10_000,
    20,
  );
  expect(barOf(picture, 'ran')).toEqual({ tone: 'good', from: 458, width: 156 });
  expect(picture).toMatch(/<path class="point bad"[^>]*><title>3.0 s: broker-answers/);
});

test.each([
  ['alarms', 'mskeeper-orders-disk', 'alarm mskeeper-orders-disk: OK', 'OK'],
  ['brokers', 'broker 1', 'broker 1 serves', 'serves'],
  ['storage', 'volumes', '200 GiB a broker', '200 GiB a broker'],
] as const)('a bar says what is new, and not the name of its row again: %s', (lane, subject, label, words) => {
  const picture = drawTimeline([moment({ lane, subject, label })], 10_000, 1, []);
  expect(picture).toMatch(new RegExp(`<text class="words"[^>]*>${words}</text>`));
});

test('names from the cluster are text on the page, never markup', () => {
  const page = renderReportPage(
    report([scenario({ failure: '<script>alert(1)</script>', moments: [moment({ subject: '"><img src=x>' })] })]),
  );
  expect(page).not.toContain('<script>');
  expect(page).not.toContain('<img');
  expect(page).toContain('&lt;script&gt;');
});

test('the page loads nothing from anywhere', () => {
  expect(renderReportPage(report([scenario({})]))).not.toMatch(/(src|href)=|url\((?!#)|@import/);
});

test('a drill with one failed scenario has failed, so has one without any, and one in whose world a part broke', () => {
  expect(outcomeOf([scenario({}), scenario({ outcome: 'failed' })], [])).toBe('failed');
  expect(outcomeOf([], [])).toBe('failed');
  expect(outcomeOf([scenario({})], [])).toBe('passed');
  expect(outcomeOf([scenario({})], ['the pump failed'])).toBe('failed');
});
