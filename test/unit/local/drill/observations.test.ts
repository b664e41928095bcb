import { expect, test } from 'vitest';
import {
  alarmsIn,
  deniedCalls,
  failedInvocations,
  firedAt,
  firstRunAfter,
  hasWoken,
  memoryByFunction,
  undelivered,
} from '../../../../local/drill/observations.ts';
import { drillWorld } from '../../../support/drill/world.ts';

const event = (detail: object, source = 'mskeeper') => ({ busName: 'mskeeper', event: { source, detail } });
const report = (runId: string, atMs: number, depth: string) =>
  event({ runId, atMs, report: { depth, worst: 'ok', countBySeverity: {} } });

test('a run is seen once its report is there, with its own findings', () => {
  const finding = { check: 'broker-answers', subject: 'broker 2', severity: 'critical', message: 'm', evidence: {} };
  const events = [event({ runId: 'a', atMs: 10, finding }), event({ runId: 'b', atMs: 20, finding })];
  expect(firstRunAfter(drillWorld({ eventBridge: { events } }), 0)).toBeUndefined();
  events.push(report('a', 10, 'light'));
  expect(firstRunAfter(drillWorld({ eventBridge: { events } }), 0)).toMatchObject({ runId: 'a', findings: [finding] });
});

test('a run that began at or before the moment is not one after it, and only one that is wanted is taken', () => {
  const events = [report('a', 10, 'light'), report('b', 20, 'light'), report('c', 30, 'full')];
  const world = drillWorld({ eventBridge: { events } });
  expect(firstRunAfter(world, 10)?.runId).toBe('b');
  expect(firstRunAfter(world, 10, ({ depth }) => depth === 'full')?.runId).toBe('c');
  expect(firstRunAfter(world, 30)).toBeUndefined();
});

test('events of others are no runs', () => {
  const events = [event({ runId: 'a', atMs: 10, report: {} }, 'aws.cloudwatch')];
  expect(firstRunAfter(drillWorld({ eventBridge: { events } }), 0)).toBeUndefined();
});

test('an alarm fired when it went to ALARM after the moment', () => {
  const history = [
    { alarmName: 'a', atMs: 5, summary: 'Alarm updated from OK to ALARM' },
    { alarmName: 'a', atMs: 15, summary: 'Alarm updated from ALARM to OK' },
    { alarmName: 'b', atMs: 16, summary: 'Alarm updated from OK to ALARM' },
    { alarmName: 'a', atMs: 25, summary: 'Alarm updated from OK to ALARM' },
  ];
  const world = drillWorld({ cloudWatch: { history } });
  expect(firedAt(world, 'a', 10)).toBe(25);
  expect(firedAt(world, 'a', 30)).toBeUndefined();
});

test('only a rule wakes a run on an alarm: a schedule does not', () => {
  const woken = (invokedBy: string) => drillWorld({ lambda: { invocations: [{ atMs: 10, invokedBy }] } });
  expect(hasWoken(woken('arn:aws:events:r:1:rule/alarms'), 10)).toBe(true);
  expect(hasWoken(woken('arn:aws:events:r:1:rule/alarms'), 11)).toBe(false);
  expect(hasWoken(woken('arn:aws:scheduler:r:1:schedule/g/light'), 10)).toBe(false);
});

test('alarms, failed runs, refused calls, lost messages and memory are read from where the stand-in keeps them', () => {
  const world = drillWorld({
    cloudWatch: { alarms: new Map([['a', { alarm: { name: 'a' }, state: { value: 'ALARM' } }]]) },
    lambda: {
      invocations: [
        { functionName: 'f', status: 'timeout', maxMemoryMb: 90 },
        { functionName: 'f', status: 'success', maxMemoryMb: 120 },
        { functionName: 'f', status: 'success', maxMemoryMb: 100 },
      ],
    },
    world: {
      calls: {
        all: [
          { service: 's3', operation: 'PutObject', outcome: 'AccessDenied' },
          { service: 's3', operation: 'GetObject', outcome: 'NoSuchKey' },
        ],
      },
    },
    eventBridge: { events: [], lost: [{ ruleArn: 'r' }] },
    scheduler: { lost: [] },
    sns: { inbox: [], undelivered: [{ reason: 'no queue' }] },
  });
  expect(alarmsIn(world, 'ALARM')).toEqual(['a']);
  expect(alarmsIn(world, 'OK')).toEqual([]);
  expect(failedInvocations(world)).toEqual(['f: timeout']);
  expect(deniedCalls(world)).toEqual(['s3:PutObject']);
  expect(undelivered(world)).toEqual(['event: {"ruleArn":"r"}', 'notification: no queue']);
  expect(memoryByFunction(world)).toEqual({ f: 120 });
});
