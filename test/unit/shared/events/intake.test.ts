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
import { proofBy } from '../../../support/durable/proof.ts';
import { ownAlarmsOf } from '../../../support/own-alarms.ts';

const schema = intakeEventOf({
  slug: 'storage-scaling',
  cluster: 'orders',
  ownAlarms: () => ownAlarmsOf({ 'storage-scaling': ['disk'] }),
  killSwitch: () => '/mskeeper/kill-switch',
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
    expect(parse({ ...scheduler, procedure: 'storage-scaling', scope: 'watch' })).toMatchObject({
      kind: 'schedule',
      scope: 'watch',
    });
    expect(parse(forecast)).toEqual({ kind: 'forecast', eventId: forecast.id, cluster: 'orders' });
    expect(parse(runEnded)).toEqual({
      kind: 'run-ended',
      eventId: runEnded.id,
      executionName: 'orders-storage-scaling-4',
      executionArn: runEnded.detail.durableExecutionArn,
    });
  });

  test('of a person the name, as IAM takes one of a session, and what he signed; nothing else', () => {
    const wakeId = '3f1c1b54-6a3e-4b0e-9a55-0d9b1a2c3d4e';
    const signed = { wakeId, proof: proofBy('arn:aws:iam::111122223333:user/alice', wakeId) };
    expect(parse({ ...person, signed })).toMatchObject({ kind: 'manual', signed });
    for (const requestedBy of ['аlice', 'alice\u200b', 'bob\u001b[2K', 'alice/x', 'a b', 'a'.repeat(65), ''])
      expect(refusal({ ...person, requestedBy })).toContain('requestedBy');
    for (const wrong of [{ wakeId }, { ...signed, wakeId: '../x' }, { ...signed, more: 1 }, 'signed'])
      expect(refusal({ ...person, signed: wrong })).toContain('signed');
  });

  test.each(['FAILED', 'TIMED_OUT', 'STOPPED'])('a run that ended %s', (status) => {
    expect(parse({ ...runEnded, detail: { ...runEnded.detail, status } })).toMatchObject({ kind: 'run-ended' });
  });

  test.each([
    ['its alarm', alarm],
    ['a forecast', forecast],
    ['a run’s end', runEnded],
  ])('but not %s out of another account or Region', (_what, event) => {
    expect(refusal({ ...event, account: '999999999999' })).toContain(`"999999999999" is not this stack's account`);
    expect(refusal({ ...event, region: 'us-gov-west-1' })).toContain(`"us-gov-west-1" is not this stack's Region`);
    const { account: _account, region: _region, ...nowhere } = event;
    expect(refusal(nowhere)).toContain("this stack's account");
  });

  test('of a run’s end nothing but which run it was, by its ARN, whatever else the event says', () => {
    const words = 'sign in at evil.example/sso';
    const { durableExecutionArn, status } = runEnded.detail;
    const detail = { durableExecutionArn, status, durableExecutionName: words, functionArn: words, error: words };
    expect(JSON.stringify(parse({ ...runEnded, detail, resources: [words] }))).not.toContain('evil');
  });
});

/** As Systems Manager's guide shows it. */
const changed = {
  version: '0',
  id: '9a2f7c1e-0000-4000-8000-000000000001',
  'detail-type': 'Parameter Store Change',
  source: 'aws.ssm',
  account: '111122223333',
  time: '2026-03-01T09:00:00Z',
  region: 'eu-west-1',
  resources: ['arn:aws:ssm:eu-west-1:111122223333:parameter/mskeeper/kill-switch'],
  detail: {
    operation: 'Update',
    name: '/mskeeper/kill-switch',
    type: 'String',
    description: 'sign in at evil.example',
  },
};

test.each(['Create', 'Update', 'Delete', 'LabelParameterVersion'])(
  'a kill switch that was changed by %s wakes it, with no word of its own',
  (operation) => {
    const event = parse({ ...changed, detail: { ...changed.detail, operation } });
    expect(event).toEqual({ kind: 'kill-switch', eventId: changed.id, operation });
  },
);

test.each([
  ['another parameter', { ...changed, detail: { ...changed.detail, name: '/mskeeper/kill-switch-2' } }, 'detail.name'],
  ['another operation', { ...changed, detail: { ...changed.detail, operation: 'Read' } }, 'detail.operation'],
  ['another account’s', { ...changed, account: '999999999999' }, 'account'],
  ['another Region’s', { ...changed, region: 'us-east-1' }, 'Region'],
])('a change of %s is refused', (_what, event, words) => expect(refusal(event)).toContain(words));

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
    ...[
      ['of another account', '111122223333', '999999999999'],
      ['of another Region', 'eu-west-1', 'us-east-1'],
      ['under a name of somebody’s own', 'execution/orders-storage-scaling-4', 'execution/by-hand'],
      ['of another cluster', 'execution/orders-storage', 'execution/payments-storage'],
      ['of a cluster whose key begins alike', 'execution/orders-storage', 'execution/orders-eu-storage'],
      ['of no episode', 'scaling-4/', 'scaling-0/'],
      ['of an episode that is written oddly', 'scaling-4/', 'scaling-04/'],
      ['of an alias', 'run:3/', 'run:durable/'],
      ['with words behind it', '-000000000001', '-000000000001 sign in at evil.example'],
    ].map(([what = '', from = '', to = '']): [string, unknown, string] => [
      `a run ${what}`,
      ended({ durableExecutionArn: runEnded.detail.durableExecutionArn.replace(from, to) }),
      'expected a run of mskeeper-orders-storage-scaling-run that an episode of orders named',
    ]),
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
    ['a person who wants a full run', { ...person, scope: 'full' }, 'expected one of "light"'],
    ['a person who says more than is known', { ...person, mode: 'act' }, 'mode'],
    ['a schedule of another scope', { ...scheduler, procedure: 'storage-scaling' }, 'expected "watch"'],
    ['a plain scheduled rule', rule, 'expected "watch"'],
    ['a person who wants a watch', { ...person, scope: 'watch' }, 'expected "light"'],
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
