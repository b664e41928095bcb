import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bareRoom, planDiagnosis } from '../../../../../functions/health/cluster-health/core/diagnosis.ts';
import { planChangeEvents } from '../../../../../functions/health/cluster-health/core/events.ts';
import { planNextStep, stepByCheck } from '../../../../../functions/health/cluster-health/core/next-step.ts';
import type { Change } from '../../../../../functions/health/cluster-health/core/offer.ts';
import { diagnose } from '../../../../../functions/health/cluster-health/diagnose.ts';
import { diagnosisBytes } from '../../../../../shared/core/diagnosis.ts';
import { type Finding, severities } from '../../../../../shared/core/finding.ts';
import { toJson } from '../../../../../shared/text/json.ts';
import { utf8Bytes } from '../../../../../shared/text/utf8.ts';
import { cases } from '../../../../support/depth.ts';
import { readDocument } from '../../../../support/documents.ts';
import { noonMs } from '../../../../support/health/builders.ts';
import { changesOf } from '../../../../support/health/bus.ts';
import { checkClusterHealth, healthPorts, outside } from '../../../../support/health/health-ports.ts';
import { found, generousRoom, healthVerdict } from '../../../../support/health/verdict.ts';
import { brokerThreeDead, light } from './handler-under-test.ts';

const dead = found('broker 3', {
  check: 'broker-answers',
  severity: 'critical',
  reason: 'timed-out',
  sources: ['brokers'],
});
const late = found('cluster', { check: 'under-replicated', severity: 'critical', reason: 'above-critical' });
const of = (findings: readonly Finding[]) => planDiagnosis(healthVerdict({ findings }), undefined, generousRoom);

test('I5 a dead broker: who, which partitions with their leaders, why, and what to do by hand', async () => {
  const kept = outside();
  await checkClusterHealth(light, healthPorts(kept, { fetchView: brokerThreeDead }));
  const [first] = changesOf(kept.onBus);
  expect(first?.diagnosis).toMatchObject({
    ...{ at: '2026-01-14T12:00:00.000Z', depth: 'light', worst: 'critical' },
    sources: { msk: 'answered', brokers: 'answered' },
    affected: { brokerCount: 1, brokers: [3], topicCount: 1, topics: ['orders'] },
    offline: { count: 0, named: [] },
    underReplicated: { count: 1, named: [{ topic: 'orders', partition: 0, leaderId: 1 }] },
    suspected: 'broker 3 is down',
  });
  expect(first?.diagnosis?.next).toContain(
    'aws kafka reboot-broker --cluster-arn arn:aws:kafka:eu-west-1:111122223333:cluster/orders/00000000-0000-4000-8000-000000000000-1 --broker-ids 3 · ',
  );
  const [worst] = first?.diagnosis?.findings ?? [];
  expect(worst).toMatchObject({ check: 'broker-answers', subject: 'broker 3', severity: 'critical' });
});

test('findings stand worst first as the verdict has them, without what is well; what does not fit is counted', () => {
  const many = Array.from({ length: 7 }, (_, index) => found(`broker ${index}`));
  const diagnosis = planDiagnosis(
    healthVerdict({ findings: [dead, ...many, found('broker 9', { severity: 'ok' })] }),
    undefined,
    { ...generousRoom, findings: 3 },
  );
  expect(diagnosis.findings.map(({ subject }) => subject)).toEqual(['broker 3', 'broker 0', 'broker 1']);
  expect(diagnosis.moreFindingCount).toBe(5);
});

describe('suspected is the worst fault that a finding proves', () => {
  test.each<[string, readonly Finding[], string | undefined]>([
    [
      'a broker that is dead, though others are told as worse',
      [found('cluster', { check: 'offline-partitions', severity: 'emergency' }), dead],
      'broker 3 is down',
    ],
    [
      'no controller before a dead broker',
      [dead, found('cluster', { check: 'controller', severity: 'emergency', reason: 'none' })],
      'no controller: no leader can be elected',
    ],
    [
      'nobody answers before all',
      [dead, found('cluster', { check: 'cluster-answers', severity: 'emergency', reason: 'no-broker-answers' })],
      'the cluster is down',
    ],
    ['nothing for a mere symptom', [late], undefined],
    ['nothing for what is no more than a notice', [{ ...dead, severity: 'notice' }], undefined],
    ['nothing for what nobody knows', [{ ...dead, evidence: { unknownReason: 'no-data' } }], undefined],
    ['nothing where nothing is found', [], undefined],
  ])('%s', (_name, findings, suspected) => {
    expect(of(findings).suspected).toBe(suspected);
  });
});

describe('affected', () => {
  test('are brokers, topics and groups of warnings and worse, and topics of partitions that suffer', () => {
    const findings = [
      dead,
      found('topic orders'),
      found('group billing'),
      found('broker 4', { severity: 'notice' }),
      found('topic quiet', { evidence: { unknownReason: 'no-data' } }),
    ];
    const suffering = {
      offline: [{ topic: 'clicks', partition: 3 }],
      underReplicated: [{ topic: 'orders', partition: 1, leaderId: 2 }],
    };
    const { affected, offline } = planDiagnosis(healthVerdict({ findings }), suffering, generousRoom);
    expect(affected).toEqual({
      ...{ brokerCount: 1, brokers: [3], topicCount: 2, topics: ['orders', 'clicks'] },
      ...{ groupCount: 1, groups: ['billing'] },
    });
    expect(offline).toEqual({ count: 1, named: [{ topic: 'clicks', partition: 3 }] });
  });

  test('says nothing of what nobody judged, nor of partitions that nobody listed', () => {
    const diagnosis = of([late]);
    expect(diagnosis.affected).toEqual({});
    expect(diagnosis).not.toHaveProperty('offline');
    expect(diagnosis).not.toHaveProperty('underReplicated');
  });

  test('counts all and names some', () => {
    const suffering = {
      offline: Array.from({ length: 9 }, (_, partition) => ({ topic: 'orders', partition })),
      underReplicated: [],
    };
    const { offline } = planDiagnosis(healthVerdict(), suffering, { ...generousRoom, names: 2 });
    expect(offline).toEqual({
      count: 9,
      named: [
        { topic: 'orders', partition: 0 },
        { topic: 'orders', partition: 1 },
      ],
    });
  });
});

describe('the next step', () => {
  const page = readDocument('docs/runbook/cluster-health.md');
  const where = { clusterArn: 'arn:cluster', procedure: 'cluster-health' };

  test.each(Object.entries(stepByCheck))('of %s is a command of its row of the runbook', (check, { command }) => {
    const text = page.replaceAll('\\|', '|');
    const ids = check === 'topic-flow' ? '<topic>' : '<id>';
    const written = command.replaceAll('{cluster}', '$CLUSTER').replaceAll('{of}', ids);
    expect(text).toContain(written);
    expect(text).toContain(`\`${check}\``);
  });

  test('is that of the fault that is suspected, else of the worst finding', () => {
    expect(of([late, dead]).next).toMatch(
      /--broker-ids 3 · .*Row broker-answers of docs\/runbook\/cluster-health\.md\.$/,
    );
    expect(of([late, found('topic orders', { check: 'critical-topic' })]).next).toContain(
      'kafka-topics.sh $AT --describe --under-replicated-partitions',
    );
    expect(of([found('broker 1')]).next).toBe('Do what the row of disk-used in docs/runbook/cluster-health.md says.');
    expect(of([]).next).toBe('Nothing: what was found is over.');
  });

  test('names the broker or the topic, as far as a shell takes it for no more than a name', () => {
    expect(planNextStep({ check: 'log-directory', subject: 'broker 2 /kafka' }, where)).toContain('--broker-list 2 · ');
    expect(planNextStep({ check: 'topic-flow', subject: 'topic orders.eu' }, where)).toContain('--topic orders.eu · ');
    expect(planNextStep({ check: 'broker-answers', subject: 'broker $& {cluster}' }, where)).toContain(
      '--broker-ids BROKER · ',
    );
    expect(planNextStep({ check: '__proto__', subject: 'x' }, where)).toContain('the row of __proto__');
  });
});

describe('it fits into an event, whatever the names', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.repeat(60)),
    fc
      .constantFrom('\u0000', '\ud83d\ude00', '\ud800', '消息', '"', '\\', '\u202e', 'token=abcdef ', 'a@b.example ')
      .map((text) => text.repeat(700)),
    fc.string({ maxLength: 30 }),
  );
  const kinds = ['broker', 'topic', 'group', 'cluster'] as const;
  const anyFinding: fc.Arbitrary<Finding> = fc.record({
    check: fc.constantFrom('disk-used', 'broker-answers', 'offline-partitions', 'critical-topic'),
    subject: fc.tuple(fc.constantFrom(...kinds), hostile).map(([kind, name]) => `${kind} ${name}`),
    severity: fc.constantFrom(...severities),
    reason: fc.constantFrom('timed-out', 'above-critical'),
    message: hostile,
    sources: fc.constant(['brokers', 'cloudwatch']),
    evidence: fc.dictionary(fc.stringMatching(/^[a-z]{1,20}$/), hostile, { noNullPrototype: true, maxKeys: 12 }),
  });
  const partition = fc.record({ topic: hostile, partition: fc.nat(), leaderId: fc.nat() });
  const scene = fc.record({
    findings: fc.array(anyFinding, { minLength: 1, maxLength: 25, size: 'max' }),
    suffering: fc.option(
      fc.record({ offline: fc.array(partition), underReplicated: fc.array(partition, { maxLength: 60, size: 'max' }) }),
      { nil: undefined },
    ),
    said: hostile,
    names: fc.option(fc.array(hostile, { maxLength: 3 }), { nil: undefined }),
  });

  test('with its secrets and as it leaves, and it is read back as it was written', () => {
    fc.assert(
      fc.property(scene, ({ findings, suffering, said, names }) => {
        const [first] = findings;
        if (first === undefined) throw new Error('no finding was drawn');
        const finding = {
          ...first,
          check: 'disk-used',
          subject: 'broker 1',
          severity: 'critical',
          message: 'x',
        } as const;
        const change: Change = {
          ...{ kind: 'opened', key: 'disk-used|broker 1', severity: 'critical' },
          ...{ sinceMs: noonMs, atMs: noonMs, finding },
        };
        const verdict = healthVerdict({
          findings,
          changes: [change],
          sources: { msk: said, brokers: said, cloudwatch: said },
          ...(names && { names }),
        });
        const diagnosis = diagnose(verdict, suffering);
        expect(utf8Bytes(toJson(diagnosis))).toBeLessThanOrEqual(diagnosisBytes);
        const [heard] = changesOf(planChangeEvents(verdict, diagnosis));
        expect(utf8Bytes(toJson(heard?.diagnosis))).toBeLessThanOrEqual(diagnosisBytes);
        expect(heard?.diagnosis?.findings.length).toBeGreaterThanOrEqual(
          Math.min(1, findings.filter(({ severity }) => severity !== 'ok').length),
        );
        expect(utf8Bytes(toJson(planDiagnosis(verdict, suffering, bareRoom)))).toBeLessThanOrEqual(
          diagnosisBytes - 2_048,
        );
      }),
      cases(200, 5_000),
    );
  });

  test('with all that there is room for, where names are short', () => {
    const findings = Array.from({ length: 12 }, (_, index) => found(`broker ${index}`));
    expect(diagnose(healthVerdict({ findings }), undefined)).toMatchObject({ moreFindingCount: 0 });
  });
});
