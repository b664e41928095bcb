import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidEventError } from '../../../../shared/core/errors.ts';
import { alarmMatcher, wakeEvent, wakeEventOf } from '../../../../shared/events/wake.ts';
import { parseEvent } from '../../../../shared/lambda/parse.ts';
import composite from '../../../events/alarm-composite.json' with { type: 'json' };
import math from '../../../events/alarm-metric-math.json' with { type: 'json' };
import single from '../../../events/alarm-single-metric.json' with { type: 'json' };
import manual from '../../../events/manual-full.json' with { type: 'json' };
import rule from '../../../events/scheduled-rule.json' with { type: 'json' };
import scheduler from '../../../events/scheduler-light.json' with { type: 'json' };

const parse = (event: unknown) => parseEvent(wakeEvent, event);
const refusal = (event: unknown, schema = wakeEvent): string => {
  try {
    parseEvent(schema, event);
  } catch (error) {
    if (error instanceof InvalidEventError) return error.message;
    throw error;
  }
  return 'accepted';
};

describe('accepted events', () => {
  test('a schedule says procedure, scope and when it was due', () => {
    expect(parse(scheduler)).toEqual({
      kind: 'schedule',
      procedure: 'cluster-health',
      scope: 'light',
      scheduledAtMs: Date.UTC(2026, 2, 1, 9),
    });
  });

  test('a plain scheduled rule is a light run', () => {
    expect(parse(rule)).toEqual({ kind: 'schedule', scope: 'light', scheduledAtMs: Date.UTC(2026, 2, 1, 9) });
  });

  test('a person names procedure and scope', () => {
    expect(parse(manual)).toEqual({
      kind: 'manual',
      procedure: 'cluster-health',
      scope: 'full',
      requestedBy: 'on-call',
    });
  });

  test('an alarm on a single metric tells its metric with dimensions', () => {
    expect(parse(single)).toMatchObject({
      kind: 'alarm',
      alarmName: 'mskeeper-orders-disk-used-2',
      state: 'ALARM',
      previousState: 'OK',
      changedAtMs: Date.UTC(2026, 2, 1, 9, 4, 40, 989),
      subject: {
        kind: 'metric',
        metrics: [{ name: 'KafkaDataLogsDiskUsed', dimensions: { 'Broker ID': '2' }, periodSeconds: 60 }],
      },
    });
  });

  test('an alarm on metric math has no metricStat first and no previous reason', () => {
    expect(parse(math)).toMatchObject({
      previousState: 'INSUFFICIENT_DATA',
      subject: { kind: 'math', expressions: ['user + system'], metrics: [{ name: 'CpuUser' }, { name: 'CpuSystem' }] },
    });
  });

  test('a composite alarm tells its rule, the alarms that triggered it and its suppressor', () => {
    expect(parse(composite)).toMatchObject({
      suppressedBy: 'Alarm',
      suppressedReason: 'Actions suppressed by mskeeper-orders-maintenance',
      subject: {
        kind: 'composite',
        triggeringAlarmArns: ['arn:aws:cloudwatch:eu-west-1:111122223333:alarm:mskeeper-orders-offline-partitions'],
        suppressorAlarm: 'mskeeper-orders-maintenance',
        suppressorWaitSeconds: 120,
        suppressorExtensionSeconds: 180,
      },
    });
  });

  test('an alarm seen for the first time has no previous state', () => {
    const { previousState: _gone, ...detail } = single.detail;
    expect(parse({ ...single, detail })).not.toHaveProperty('previousState');
  });
});

describe('refused events', () => {
  test.each([
    ['no source', {}, 'source: Invalid input: expected one of "mskeeper.schedule", "aws.events"'],
    ['an unknown source', { source: 'aws.s3' }, 'source: Invalid input: expected one of'],
    ['null', null, 'event: Invalid input: expected object'],
    ['a text', 'wake up', 'event: Invalid input: expected object'],
    ['a scope nobody knows', { ...scheduler, scope: 'huge' }, 'scope: Invalid option: expected one of "light"|"full"'],
    ['a misspelt key', { ...manual, scop: 'full' }, 'Unrecognized key: "scop"'],
    [
      'a time that was not filled in',
      { ...scheduler, scheduledTime: '<aws.scheduler.scheduled-time>' },
      'scheduledTime: ',
    ],
    ['an edit of an alarm', { ...single, 'detail-type': 'CloudWatch Alarm Configuration Change' }, 'detail-type: '],
    ['an alarm without a state', { ...single, detail: { ...single.detail, state: undefined } }, 'detail.state: '],
    [
      'a state nobody knows',
      { ...single, detail: { ...single.detail, state: { ...single.detail.state, value: 'MAYBE' } } },
      'detail.state.value: Invalid option: expected one of "OK"|"ALARM"|"INSUFFICIENT_DATA"',
    ],
    [
      'an alarm on nothing',
      { ...single, detail: { ...single.detail, configuration: {} } },
      'detail.configuration: Invalid input: expected either metrics',
    ],
    [
      'a metric without statistic or expression',
      { ...single, detail: { ...single.detail, configuration: { metrics: [{ id: 'm1' }] } } },
      'detail.configuration.metrics.0: Invalid input: expected metricStat or expression',
    ],
    [
      'reason data that is no JSON',
      { ...composite, detail: { ...composite.detail, state: { ...composite.detail.state, reasonData: '{oops' } } },
      'detail.state.reasonData: Invalid input: expected a JSON object in a string',
    ],
    [
      'reason data of another shape',
      { ...composite, detail: { ...composite.detail, state: { ...composite.detail.state, reasonData: '{"a":1}' } } },
      'detail.state.reasonData: Invalid input: expected {"triggeringAlarms"',
    ],
  ])('%s is refused with path and expectation', (_what, event, expected) => {
    expect(refusal(event)).toContain(expected);
  });

  test('a refusal lists every mistake and quotes no value', () => {
    const message = refusal({ ...scheduler, scope: 'hunter2', scheduledTime: 'hunter3' });
    expect(message).toContain('scope: ');
    expect(message).toContain('scheduledTime: ');
    expect(message).not.toContain('hunter');
  });

  test('whatever arrives is parsed or refused as an InvalidEventError, never anything else', () => {
    fc.assert(fc.property(fc.anything(), (event) => typeof refusal(event) === 'string'));
  });
});

describe('events of one procedure', () => {
  const schema = wakeEventOf('cluster-health', alarmMatcher('orders', ['disk-used', 'brokers-unreachable']));

  test('its own schedule and the alarms that it knows wake it', () => {
    for (const event of [scheduler, rule, manual, single]) expect(refusal(event, schema)).toBe('accepted');
  });

  test('an alarm nobody knows is refused by name', () => {
    expect(refusal(math, schema)).toContain(
      'detail.alarmName: cluster-health knows no alarm of this name: mskeeper-orders-cpu-used-1',
    );
  });

  test("an event for another procedure's function is refused", () => {
    expect(refusal({ ...manual, procedure: 'failover' }, schema)).toContain(
      'procedure: Invalid input: expected "cluster-health"',
    );
  });

  test.each([
    ['mskeeper-orders-disk-used', true],
    ['mskeeper-orders-disk-used-2', true],
    ['mskeeper-orders-disk-usedness', false],
    ['mskeeper-payments-disk-used', false],
    ['somebody-elses-disk-used', false],
    ['mskeeper-orders-', false],
  ])('the alarm %s of the cluster orders: known is %s', (name, isKnown) => {
    expect(alarmMatcher('orders', ['disk-used'])(name)).toBe(isKnown);
  });
});
