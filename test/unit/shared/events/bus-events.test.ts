import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type BusEvent,
  findingEventOf,
  newsOfUnremembered,
  noticeEventOf,
  reportEventOf,
} from '../../../../shared/core/bus-event.ts';
import type { Diagnosis } from '../../../../shared/core/diagnosis.ts';
import { InvalidEventError } from '../../../../shared/core/errors.ts';
import { type Finding, findingKey, severities, sources } from '../../../../shared/core/finding.ts';
import { busWordOf } from '../../../../shared/events/bus-events.ts';
import { parseEvent } from '../../../../shared/lambda/parse.ts';
import { planEntry } from '../../../../shared/telling/event-batches.ts';
import { cases } from '../../../support/depth.ts';
import { busHome, deliver } from '../../../support/health/bus.ts';

const schema = busWordOf(busHome);
const speaker = { cluster: 'orders', procedure: 'disk-review', runId: 'run-1' };

/** As EventBridge delivers what the maker made, without what redaction does to it. */
const delivered = (event: BusEvent, more: object = {}): unknown => {
  const { detail } = planEntry('mskeeper', { ...event, resources: [busHome.clusterArn] });
  return { ...JSON.parse(JSON.stringify(deliver(event))), detail: JSON.parse(detail), ...more };
};
const refusal = (event: unknown): string => {
  try {
    parseEvent(schema, event);
  } catch (error) {
    if (error instanceof InvalidEventError) return error.message;
    throw error;
  }
  return 'accepted';
};

const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const text = fc.string({ unit: 'grapheme', maxLength: 60 });
const time = fc.integer({ min: 0, max: Date.UTC(9000, 0) });
const names = fc.array(text, { maxLength: 3 });
const count = fc.nat();
const fact = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0)),
  text,
  fc.boolean(),
);
const finding: fc.Arbitrary<Finding> = fc.record({
  check: word,
  subject: word,
  severity: fc.constantFrom(...severities),
  reason: text,
  message: text,
  sources: fc.subarray([...sources]),
  evidence: fc.dictionary(fc.stringMatching(/^[a-z]\w{0,9}$/), fact, { noNullPrototype: true, maxKeys: 4 }),
});
const partitions = fc.record({
  count,
  named: fc.array(
    fc.record({ topic: text, partition: count, leaderId: fc.integer() }, { requiredKeys: ['topic', 'partition'] }),
    { maxLength: 3 },
  ),
});
const sourcesSaid = fc.dictionary(fc.stringMatching(/^[a-z ]{1,9}$/), text, { noNullPrototype: true, maxKeys: 3 });
const diagnosis: fc.Arbitrary<Diagnosis> = fc.record(
  {
    at: text,
    depth: text,
    worst: fc.constantFrom(...severities),
    sources: sourcesSaid,
    affected: fc.record(
      {
        brokerCount: count,
        brokers: fc.array(count),
        topicCount: count,
        topics: names,
        groupCount: count,
        groups: names,
      },
      { requiredKeys: [] },
    ),
    offline: partitions,
    underReplicated: partitions,
    findings: fc.array(finding, { maxLength: 2 }),
    moreFindingCount: count,
    suspected: text,
    next: text,
  },
  { requiredKeys: ['at', 'depth', 'worst', 'sources', 'affected', 'findings', 'moreFindingCount', 'next'] },
);

describe('what is written can be read', () => {
  const speakers = fc.record({
    cluster: fc.constant('orders'),
    procedure: fc.constantFrom('cluster-health', 'disk-review'),
    runId: word,
  });

  test('a finding', () => {
    const news = fc
      .record(
        { live: fc.constantFrom('opened', 'worse', 'eased', 'still'), sinceMs: time, finding, diagnosis, names },
        { requiredKeys: ['live', 'sinceMs', 'finding'] },
      )
      .map(({ live, ...rest }) => ({ ...rest, change: rest.finding.severity === 'ok' ? ('closed' as const) : live }));
    fc.assert(
      fc.property(speakers, time, news, (who, atMs, said) => {
        expect(parseEvent(schema, delivered(findingEventOf(who, atMs, said)))).toEqual({
          kind: 'finding',
          eventId: '8c1f2b0e-6f6f-4a3c-9d7b-0d6f2d1c9a11',
          detail: { version: 1, ...who, atMs, key: findingKey(said.finding), ...said },
        });
      }),
      cases(300, 20_000),
    );
  });

  test('a notice', () => {
    const notice = fc.record(
      {
        key: word,
        topic: fc.constantFrom('emergency', 'critical', 'warning', 'maintenance'),
        severity: fc.constantFrom(...severities),
        headline: text,
        findings: fc.array(
          fc.record({ check: word, subject: word, severity: fc.constantFrom(...severities), message: text }),
        ),
        names,
        reportKey: text,
        isIntent: fc.boolean(),
      },
      { requiredKeys: ['key', 'topic', 'severity', 'headline', 'findings'] },
    );
    fc.assert(
      fc.property(speakers, time, notice, (who, atMs, said) => {
        expect(parseEvent(schema, delivered(noticeEventOf(who, atMs, said)))).toMatchObject({
          kind: 'notice',
          detail: { version: 1, ...who, atMs, notice: said },
        });
      }),
      cases(300, 20_000),
    );
  });

  test('a report', () => {
    const report = fc.record({
      depth: text,
      worst: fc.constantFrom(...severities),
      countBySeverity: fc.record({
        ok: count,
        unknown: count,
        notice: count,
        warning: count,
        critical: count,
        emergency: count,
      }),
      sources: sourcesSaid,
      judgedChecks: fc.array(word),
      lookedAtMs: time,
    });
    fc.assert(
      fc.property(speakers, time, report, fc.option(names, { nil: undefined }), (who, atMs, said, named) => {
        expect(parseEvent(schema, delivered(reportEventOf(who, atMs, said, named)))).toEqual({
          kind: 'report',
          eventId: '8c1f2b0e-6f6f-4a3c-9d7b-0d6f2d1c9a11',
          detail: { version: 1, ...who, atMs, report: said, ...(named && { names: named }) },
        });
      }),
      cases(300, 20_000),
    );
  });
});

const filling: Finding = {
  ...{ check: 'disk-used', subject: 'broker 2', severity: 'critical', reason: 'above-critical' },
  ...{ message: 'It fills.', sources: ['cloudwatch'], evidence: { diskUsedPercent: 91 } },
};
const event = findingEventOf(speaker, 5, newsOfUnremembered(filling, 5));
const { detail } = event;

test('who remembers no finding tells each time that it is there, and that it is over where it is ok', () => {
  expect(newsOfUnremembered(filling, 5)).toEqual({ change: 'opened', sinceMs: 5, finding: filling });
  expect(newsOfUnremembered({ ...filling, severity: 'ok' }, 5)).toMatchObject({ change: 'closed' });
});

test.each<[string, object, RegExp]>([
  ['another account', { account: '999999999999' }, /account: "999999999999" is not this stack's account/],
  ['another Region', { region: 'us-east-1' }, /region: "us-east-1" is not this stack's Region/],
  ['another sender', { source: 'aws.s3' }, /source: /],
  ['another type', { 'detail-type': 'mskeeper act' }, /detail-type: /],
  [
    'another cluster of the account',
    { resources: ['arn:aws:kafka:eu-west-1:111122223333:cluster/other/1'] },
    /resources\.0: /,
  ],
  ['no resource', { resources: [] }, /resources: /],
  ['a second resource', { resources: [busHome.clusterArn, busHome.clusterArn] }, /resources: /],
  ['no id', { id: '' }, /id: /],
  ['another key of the configuration', { detail: { ...detail, cluster: 'payments' } }, /detail\.cluster: .*"orders"/],
  ['another version', { detail: { ...detail, version: 2 } }, /detail\.version: /],
  ['no procedure', { detail: { ...detail, procedure: 'Disk Review' } }, /detail\.procedure: .*such as cluster-health/],
  ['a time of no era', { detail: { ...detail, atMs: -1 } }, /detail\.atMs: /],
  ['a beginning that is no number', { detail: { ...detail, sinceMs: 'now' } }, /detail\.sinceMs: /],
  ['a change that there is not', { detail: { ...detail, change: 'gone' } }, /detail\.change: /],
  ['the key of another finding', { detail: { ...detail, key: 'disk-used|broker 1' } }, /detail\.key: .*check\|subject/],
  ['an end of what is not ok', { detail: { ...detail, change: 'closed' } }, /detail\.change: .*finding that is ok/],
  [
    'a number that JSON has no word for',
    { detail: { ...detail, finding: { ...filling, evidence: { n: null } } } },
    /detail\.finding\.evidence: /,
  ],
  ['no finding', { detail: { ...detail, finding: undefined } }, /detail\.finding: /],
  ['a diagnosis in part', { detail: { ...detail, diagnosis: { at: 'now' } } }, /detail\.diagnosis\.depth: /],
  ['nothing in it', { detail: undefined }, /detail: /],
])('an event with %s is refused by the name of its field', (_name, wrong, message) => {
  expect(refusal(delivered(event))).toBe('accepted');
  expect(refusal(delivered(event, wrong))).toMatch(message);
});

test('a detail that was cut to fit is refused as that, with how large it was', () => {
  const huge = { ...filling, message: 'x'.repeat(300_000) };
  expect(refusal(delivered(findingEventOf(speaker, 5, newsOfUnremembered(huge, 5))))).toMatch(
    /detail\.truncated: was cut, from 300\d{3} bytes: see the report of that run/,
  );
});

test.each<[string, unknown, RegExp]>([
  ['an act that deals with the disk', { fault: 'disk', what: 'MSK enlarges', untilMs: 9 }, /^accepted$/],
  ['one that does so no longer', { fault: 'disk', isOver: true }, /^accepted$/],
  ['both at once', { fault: 'disk', what: 'MSK enlarges', untilMs: 9, isOver: true }, /dealing/],
  ['no limit', { fault: 'disk', what: 'MSK enlarges' }, /dealing/],
  ['another fault', { fault: 'broker', isOver: true }, /dealing/],
])('a notice of %s', (_what, dealing, expected) => {
  const notice = { key: 'k', topic: 'operations', severity: 'notice', headline: 'x', findings: [] } as const;
  const one = noticeEventOf(speaker, 5, notice);
  const wrong = { detail: { ...one.detail, notice: { ...notice, dealing } } };
  expect(refusal(delivered(one, wrong))).toMatch(expected);
});
