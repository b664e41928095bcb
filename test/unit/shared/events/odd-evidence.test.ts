import { describe, expect, test } from 'vitest';
import { intakeEventOf } from '../../../../shared/events/intake.ts';
import { wakeEventOf } from '../../../../shared/events/wake.ts';
import composite from '../../../events/alarm-composite.json' with { type: 'json' };
import math from '../../../events/alarm-metric-math.json' with { type: 'json' };
import single from '../../../events/alarm-single-metric.json' with { type: 'json' };
import runEnded from '../../../events/run-ended.json' with { type: 'json' };
import rule from '../../../events/scheduled-rule.json' with { type: 'json' };
import scheduler from '../../../events/scheduler-light.json' with { type: 'json' };
import forecast from '../../../events/storage-forecast.json' with { type: 'json' };
import { tryOddItems } from '../../../support/aws/odd-items.ts';
import { ownAlarmsOf } from '../../../support/own-alarms.ts';

const own = () => ownAlarmsOf({ 'cluster-health': ['disk-used', 'cpu-used', 'sick'] });
const check = wakeEventOf('cluster-health', own);
const intake = intakeEventOf({
  slug: 'storage-scaling',
  cluster: 'orders',
  ownAlarms: own,
  killSwitch: () => '/mskeeper/kill-switch',
  forecastType: 'mskeeper storage forecast',
  runFunction: 'mskeeper-orders-storage-scaling-run',
});
const alarmName = 'mskeeper/orders/cluster-health/sick/warning';
const ofAlarm =
  /^(source|detail-type|account|region|detail|detail\.alarmName|detail\.state|detail\.state\.(value|timestamp))$/;

/** What says whose event it is, and of an alarm how it stands and since when; the rest is evidence. */
const events = [
  { what: 'an alarm on one metric', event: single, schema: check, identity: ofAlarm },
  { what: 'an alarm on metric math', event: math, schema: check, identity: ofAlarm },
  {
    what: 'a composite alarm',
    event: { ...composite, detail: { ...composite.detail, alarmName } },
    schema: check,
    identity: ofAlarm,
  },
  { what: 'a schedule', event: scheduler, schema: check, identity: /^(source|procedure|scope)$/ },
  { what: 'a scheduled rule', event: rule, schema: check, identity: /^(source|detail-type|account|region)$/ },
  {
    what: 'a forecast',
    event: forecast,
    schema: intake,
    identity: /^(source|detail-type|account|region|detail|detail\.cluster)$/,
  },
  {
    what: 'the bad end of a run',
    event: runEnded,
    schema: intake,
    identity: /^(source|detail-type|account|region|detail|detail\.(durableExecutionArn|durableExecutionName|status))$/,
  },
];

describe.each(events)('$what', ({ event, schema, identity }) => {
  const whole = schema.parse(event);

  test('says what all of it says', () => {
    expect(whole).not.toHaveProperty('unreadFields');
  });

  test('wakes whatever is odd of its evidence', () =>
    tryOddItems(
      event,
      ({ item }) => {
        const parsed = schema.safeParse(item);
        expect(parsed.error?.issues ?? []).toEqual([]);
        expect(parsed.data).toMatchObject({ kind: whole.kind });
        if (whole.kind !== 'alarm') return;
        const { alarmName: name, state, changedAtMs } = whole;
        expect(parsed.data).toMatchObject({ alarmName: name, state, changedAtMs });
      },
      (path) => path !== '' && !identity.test(path),
    ));

  test('is refused or is another one where its identity is odd, and nothing is thrown', () =>
    tryOddItems(
      event,
      ({ item }) => {
        const parsed = schema.safeParse(item);
        if (parsed.success) expect(parsed.data.kind).toBe(whole.kind);
      },
      (path) => path === '' || identity.test(path),
    ));
});

test('a drill by set-alarm-state with reason data that is no object wakes, and the log says what was not read', () => {
  const detail = { ...composite.detail, alarmName, state: { ...composite.detail.state, reasonData: '"a test"' } };
  expect(check.parse({ ...composite, detail })).toMatchObject({
    state: 'ALARM',
    subject: { kind: 'composite', triggeringAlarmArns: [] },
    unreadFields: ['detail.state.reasonData'],
  });
  const onOne = { ...single.detail, state: { ...single.detail.state, reasonData: '"a test"' } };
  expect(check.parse({ ...single, detail: onOne })).toMatchObject({ state: 'ALARM', subject: { kind: 'metric' } });
});

test('an event without an id is the same event when it comes again', () => {
  const { id: _none, ...nameless } = single;
  const [first, again] = [check.parse(nameless), check.parse(nameless)];
  expect(first).toMatchObject({ eventId: expect.stringContaining('disk-used') });
  expect(again).toEqual(first);
});

test('a time that was not filled in is no reason to miss a schedule, and is noted', () => {
  expect(check.parse({ ...scheduler, scheduledTime: '<aws.scheduler.scheduled-time>' })).toEqual({
    kind: 'schedule',
    procedure: 'cluster-health',
    scope: 'light',
    unreadFields: ['scheduledTime'],
  });
});
