import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidEventError } from '../../../../shared/core/errors.ts';
import { wakeEvent, wakeEventOf } from '../../../../shared/events/wake.ts';
import { parseEvent } from '../../../../shared/lambda/parse.ts';
import composite from '../../../events/alarm-composite.json' with { type: 'json' };
import math from '../../../events/alarm-metric-math.json' with { type: 'json' };
import single from '../../../events/alarm-single-metric.json' with { type: 'json' };
import manual from '../../../events/manual-full.json' with { type: 'json' };
import rule from '../../../events/scheduled-rule.json' with { type: 'json' };
import scheduler from '../../../events/scheduler-light.json' with { type: 'json' };
import { ownAlarmsOf } from '../../../support/own-alarms.ts';

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
      alarmName: 'mskeeper/orders/cluster-health/disk-used/warning',
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
    ['an edit of an alarm', { ...single, 'detail-type': 'CloudWatch Alarm Configuration Change' }, 'detail-type: '],
    ['an alarm without a state', { ...single, detail: { ...single.detail, state: undefined } }, 'detail.state: '],
    [
      'a state nobody knows',
      { ...single, detail: { ...single.detail, state: { ...single.detail.state, value: 'MAYBE' } } },
      'detail.state.value: Invalid option: expected one of "OK"|"ALARM"|"INSUFFICIENT_DATA"',
    ],
  ])('%s is refused with path and expectation', (_what, event, expected) => {
    expect(refusal(event)).toContain(expected);
  });

  test('a refusal lists every mistake and quotes no value', () => {
    const message = refusal({ ...scheduler, scope: 'hunter2', procedure: 'hunter3' });
    expect(message).toContain('scope: ');
    expect(message).toContain('procedure: ');
    expect(message).not.toContain('hunter');
  });

  test('whatever arrives is parsed or refused as an InvalidEventError, never anything else', () => {
    fc.assert(fc.property(fc.anything(), (event) => typeof refusal(event) === 'string'));
  });
});

describe('events of one procedure', () => {
  const own = () => ownAlarmsOf({ 'cluster-health': ['disk-used'], 'storage-scaling': ['disk'], self: ['errors'] });
  const schema = wakeEventOf('cluster-health', own);
  const named = (alarmName: string) => ({ ...single, detail: { ...single.detail, alarmName } });

  test('its own schedule, a person and its own alarm wake it, and the alarm tells its rule', () => {
    for (const event of [scheduler, rule, manual]) expect(refusal(event, schema)).toBe('accepted');
    expect(parseEvent(schema, single)).toEqual({ ...parse(single), rule: 'disk-used' });
  });

  test('an alarm of another deploy of this stack wakes it, and no rule is known', () => {
    for (const name of ['mskeeper/orders/cluster-health/gone/warning', 'mskeeper/orders/cluster-health/disk-used']) {
      expect(parseEvent(schema, named(name))).toEqual(parse(named(name)));
    }
  });

  test.each([
    ['another procedure', 'mskeeper/orders/storage-scaling/disk/warning'],
    ['a procedure whose name begins as this one', 'mskeeper/orders/cluster-health-watch/disk/warning'],
    ['the watch over mskeeper', 'mskeeper/orders/self/errors/warning'],
    ['a cluster whose key begins as this one', 'mskeeper/orders-eu/cluster-health/disk-used/warning'],
    ['a cluster whose key holds another key and this procedure', 'mskeeper/orders-cluster-health/self/errors/warning'],
    ['another cluster', 'mskeeper/payments/cluster-health/disk-used/warning'],
    ['somebody else', 'mskeeper-orders-cluster-health-disk-used'],
    ['nobody', 'mskeeper/orders/cluster-health'],
  ])('an alarm of %s is refused by name', (_of, name) => {
    expect(refusal(named(name), schema)).toContain(
      `detail.alarmName: ${JSON.stringify(name)} is no alarm of this stack that wakes cluster-health`,
    );
  });

  test.each([
    ['an alarm', single],
    ['a plain rule', rule],
    ['what we do not know yet', { source: 'aws.kafka', 'detail-type': 'MSK Something', detail: {} }],
  ])('%s of another account or Region, or of none, is refused by it', (_what, event) => {
    const here = { ...event, account: '111122223333', region: 'eu-west-1' };
    expect(refusal(here, schema)).not.toContain('this stack');
    for (const account of ['999999999999', '111122223333 ', undefined, 111122223333])
      expect(refusal({ ...here, account }, schema)).toContain("is not this stack's account");
    for (const region of ['us-gov-west-1', 'eu-west-1a', undefined, null])
      expect(refusal({ ...here, region }, schema)).toContain("is not this stack's Region");
  });

  test('an alarm of the same name in another account or Region is refused', () => {
    expect(refusal({ ...single, account: '999999999999' }, schema)).toContain(
      'account: "999999999999" is not this stack\'s account',
    );
    expect(refusal({ ...single, region: 'us-gov-west-1' }, schema)).toContain(
      'region: "us-gov-west-1" is not this stack\'s Region',
    );
  });

  test('the list of alarms is read for what EventBridge sends alone', () => {
    const never = () => {
      throw new Error('read');
    };
    const lazy = wakeEventOf('cluster-health', never);
    for (const event of [scheduler, manual]) expect(refusal(event, lazy)).toBe('accepted');
    expect(() => parseEvent(lazy, single)).toThrow('read');
  });

  test("an event for another procedure's function is refused", () => {
    expect(refusal({ ...manual, procedure: 'failover' }, schema)).toContain(
      'procedure: Invalid input: expected "cluster-health"',
    );
  });

  test('whatever key and procedures there are, no stack and no procedure takes an alarm of another for its own', () => {
    const slug = fc.stringMatching(/^[a-z]{1,4}(-[a-z]{1,4}){0,3}$/);
    fc.assert(
      fc.property(slug, slug, slug, slug, slug, (key, otherKey, procedure, otherProcedure, alarmRule) => {
        fc.pre(key !== otherKey || procedure !== otherProcedure);
        const foreign = named(`mskeeper/${otherKey}/${otherProcedure}/${alarmRule}/warning`);
        const ours = wakeEventOf(procedure, () => ({ ...own(), prefix: `mskeeper/${key}/`, alarms: [] }));
        expect(refusal(foreign, ours)).toContain('is no alarm of this stack');
      }),
    );
  });
});
