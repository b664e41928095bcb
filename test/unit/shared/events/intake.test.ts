import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidEventError } from '../../../../shared/core/errors.ts';
import { intakeEventOf } from '../../../../shared/events/intake.ts';
import { parseEvent } from '../../../../shared/lambda/parse.ts';
import single from '../../../events/alarm-single-metric.json' with { type: 'json' };
import runEnded from '../../../events/run-ended.json' with { type: 'json' };
import rule from '../../../events/scheduled-rule.json' with { type: 'json' };
import scheduler from '../../../events/scheduler-light.json' with { type: 'json' };
import forecast from '../../../events/storage-forecast.json' with { type: 'json' };
import { ownAlarmsOf } from '../../../support/own-alarms.ts';

const schema = intakeEventOf({
  slug: 'storage-scaling',
  cluster: 'orders',
  ownAlarms: () => ownAlarmsOf({ 'storage-scaling': ['disk'] }),
  forecastType: 'mskeeper storage forecast',
  runFunction: 'mskeeper-orders-storage-scaling-run',
});
const parse = (event: unknown) => parseEvent(schema, event);
const refusal = (event: unknown): string => {
  try {
    parse(event);
  } catch (error) {
    if (error instanceof InvalidEventError) return error.message;
    throw error;
  }
  return 'accepted';
};

const alarm = {
  ...single,
  detail: { ...single.detail, alarmName: 'mskeeper/orders/storage-scaling/disk/warning' },
};
const person = { source: 'mskeeper.manual', procedure: 'storage-scaling', scope: 'light', requestedBy: 'alice' };

describe('accepted', () => {
  test('its alarms, a person, a forecast for its cluster, and the bad end of its own runs', () => {
    expect(parse(alarm)).toMatchObject({ kind: 'alarm', rule: 'disk', state: 'ALARM' });
    expect(parse(person)).toMatchObject({ kind: 'manual', requestedBy: 'alice' });
    expect(parse(forecast)).toEqual({ kind: 'forecast', eventId: forecast.id, cluster: 'orders' });
    expect(parse(runEnded)).toEqual({
      kind: 'run-ended',
      eventId: runEnded.id,
      executionName: 'orders-storage-scaling-4',
      executionArn: runEnded.detail.durableExecutionArn,
      status: 'FAILED',
      startedAtMs: Date.UTC(2026, 2, 1, 9),
      endedAtMs: Date.UTC(2026, 2, 1, 9, 9, 59, 500),
    });
  });

  test('an end without its time ended when Lambda told of it', () => {
    const { endTimestamp: _, ...detail } = runEnded.detail;
    expect(parse({ ...runEnded, detail })).toMatchObject({ endedAtMs: Date.UTC(2026, 2, 1, 9, 10) });
  });
});

describe('refused', () => {
  const ended = (change: object) => ({ ...runEnded, detail: { ...runEnded.detail, ...change } });
  test.each<[string, unknown, string]>([
    [
      'another function’s run',
      ended({
        durableExecutionArn: runEnded.detail.durableExecutionArn.replace(
          'orders-storage-scaling-run',
          'orders-failover-run',
        ),
      }),
      'expected a run of mskeeper-orders-storage-scaling-run',
    ],
    [
      'a run whose function’s name only begins alike',
      ended({ durableExecutionArn: runEnded.detail.durableExecutionArn.replace('-run:3', '-run-2:3') }),
      'expected a run of',
    ],
    ['a run that succeeded', ended({ status: 'SUCCEEDED' }), 'detail.status'],
    ['another event of Lambda’s', { ...runEnded, 'detail-type': 'Something Else' }, 'detail-type'],
    [
      'a forecast for another cluster',
      { ...forecast, detail: { ...forecast.detail, cluster: 'payments' } },
      'detail.cluster',
    ],
    ['a forecast without a cluster', { ...forecast, detail: {} }, 'detail.cluster'],
    ['another event of mskeeper’s', { ...forecast, 'detail-type': 'mskeeper finding' }, 'detail-type'],
    ['an alarm of another procedure', single, 'is no alarm of this stack that wakes storage-scaling'],
    ['a person who names another procedure', { ...person, procedure: 'failover' }, 'expected "storage-scaling"'],
    ['a person who wants a full run', { ...person, scope: 'full' }, 'expected "light"'],
    ['a person who says more than is known', { ...person, mode: 'act' }, 'mode'],
    ['a schedule', { ...scheduler, procedure: 'storage-scaling' }, 'storage-scaling has no schedule'],
    ['a plain scheduled rule', rule, 'storage-scaling has no schedule'],
    ['an unknown source', { ...forecast, source: 'somebody' }, 'expected one of'],
    ['nothing', null, 'expected'],
  ])('%s', (_what, event, reason) => {
    expect(refusal(event)).toContain(reason);
  });

  test('anything at all ends in an event or a named refusal', () => {
    const source = fc.constantFrom('mskeeper', 'aws.lambda', 'aws.cloudwatch', 'mskeeper.manual', '__proto__', 'x');
    const event = fc.oneof(fc.anything(), fc.record({ source, detail: fc.anything(), id: fc.anything() }));
    fc.assert(fc.property(event, (raw) => typeof refusal(raw) === 'string'));
  });
});
