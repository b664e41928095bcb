import { describe, expect, test } from 'vitest';
import type { OpenAlarm } from '../../../../../../functions/health/cluster-health/core/memory.ts';
import type { AlarmObservation } from '../../../../../../functions/health/cluster-health/core/observation.ts';
import {
  openAlarmsWith,
  planOpenAlarms,
  planRules,
} from '../../../../../../functions/health/cluster-health/core/wakes.ts';
import type { Finding, Severity } from '../../../../../../shared/core/finding.ts';
import { hourMs } from '../../../../../../shared/core/units.ts';
import { failed, healthState, known, noonMs } from '../../../../../support/health/builders.ts';

const cpu: OpenAlarm = { rule: 'cpu-used', wokenAtMs: noonMs - hourMs };

describe('an alarm that wakes a look', () => {
  const wake = (alarmName: string, rule?: string) => ({
    alarmName,
    changedAtMs: noonMs - 1,
    ...(rule !== undefined && { rule }),
  });

  test('is open from the look on, where its metrics are asked for it alone', () => {
    expect(openAlarmsWith({ old: cpu }, [wake('new', 'disk-used')], noonMs)).toEqual({
      old: cpu,
      new: { rule: 'disk-used', wokenAtMs: noonMs },
    });
  });

  test.each([
    ['what every run judges anyway', 'under-replicated'],
    ['what no metric of a broker tells', 'no-controller'],
    ['what the stack does not know', undefined],
  ])('is not kept for %s', (_name, rule) => {
    expect(openAlarmsWith({}, [wake('new', rule)], noonMs)).toEqual({});
  });

  test('again counts from the newest look', () => {
    expect(openAlarmsWith({ cpu }, [wake('cpu', 'cpu-used')], noonMs)).toEqual({
      cpu: { rule: 'cpu-used', wokenAtMs: noonMs },
    });
  });
});

describe('the rules whose metrics a run asks', () => {
  const open = { b: { rule: 'memory-used', wokenAtMs: 0 }, a: cpu, c: cpu };
  const since = { severity: 'warning', reason: 'x', sinceMs: 0 } as const;
  const previous = healthState({
    openByKey: { 'disk-used|broker 1': since, 'under-replicated|cluster': since, 'broker-answers|broker 2': since },
  });

  test('are those of open alarms, once each', () => {
    expect(planRules('light', open, previous)).toEqual(['cpu-used', 'memory-used']);
    expect(planRules('full', open, undefined)).toEqual(['cpu-used', 'memory-used']);
  });

  test('are daily also those of what is open without its alarm', () => {
    expect(planRules('full', open, previous)).toEqual(['cpu-used', 'disk-used', 'memory-used']);
  });
});

describe('an open alarm', () => {
  const found = (severity: Severity, more: Partial<Finding> = {}): Finding => ({
    check: 'cpu-used',
    subject: 'broker 1',
    severity,
    reason: 'x',
    message: 'As the test has it.',
    sources: ['cloudwatch'],
    evidence: {},
    ...more,
  });
  const alarm = (state: AlarmObservation['state']): AlarmObservation => ({
    name: 'cpu',
    state,
    brokerIds: [1],
    isMuted: false,
  });
  type Case = {
    readonly findings?: readonly Finding[];
    readonly alarms?: Parameters<typeof planOpenAlarms>[1];
    readonly asked?: readonly string[];
    readonly open?: OpenAlarm;
    readonly nowMs?: number;
  };
  const isOpen = ({ findings = [], alarms = known([alarm('OK')]), asked = ['cpu-used'], open = cpu, nowMs }: Case) =>
    'cpu' in planOpenAlarms({ cpu: open }, alarms, asked, findings, nowMs ?? noonMs);

  test.each<[string, Case, boolean]>([
    ['is over where it left ALARM and every broker is judged to be well', { findings: [found('ok')] }, false],
    ['is over at a notice, which no alarm rings for', { findings: [found('notice')] }, false],
    ['stays while one broker is over the limit', { findings: [found('ok'), found('warning')] }, true],
    ['stays while one broker is not known', { findings: [found('ok'), found('unknown')] }, true],
    [
      'stays while what was unknown for long is a warning',
      { findings: [found('warning', { evidence: { unknownReason: 'no-data' } })] },
      true,
    ],
    ['stays where nothing was judged of it', {}, true],
    ['stays where only another rule was judged', { findings: [found('ok', { check: 'disk-used' })] }, true],
    ['stays while it is in ALARM', { findings: [found('ok')], alarms: known([alarm('ALARM')]) }, true],
    [
      'is over where CloudWatch lost its data, and the brokers are well',
      { findings: [found('ok')], alarms: known([alarm('INSUFFICIENT_DATA')]) },
      false,
    ],
    [
      'stays where CloudWatch does not say how it stands',
      { findings: [found('ok')], alarms: failed('cloudwatch:DescribeAlarms') },
      true,
    ],
    ['stays where its metrics were not asked', { findings: [found('ok')], asked: [] }, true],
    [
      'stays where it woke another run after this look began',
      { open: { ...cpu, wokenAtMs: noonMs + 1 }, findings: [found('ok')] },
      true,
    ],
    ['is not proven for a day at most', { nowMs: cpu.wokenAtMs + 24 * hourMs }, true],
    ['is let go after a day without proof', { nowMs: cpu.wokenAtMs + 24 * hourMs + 1 }, false],
    [
      'is not let go after a day while a broker is over the limit',
      { findings: [found('critical')], nowMs: cpu.wokenAtMs + 48 * hourMs },
      true,
    ],
    [
      'of copies below their minimum is judged by the check of another name',
      {
        open: { ...cpu, rule: 'under-min-isr' },
        asked: ['under-min-isr'],
        findings: [found('ok', { check: 'below-min-isr' })],
      },
      false,
    ],
  ])('%s', (_name, given, expected) => {
    expect(isOpen(given)).toBe(expected);
  });
});
