import { describe, expect, test } from 'vitest';
import { wakeEvent } from '../../../../../functions/health/incident/events.ts';
import { InvalidEventError } from '../../../../../shared/core/errors.ts';
import { parseEvent } from '../../../../../shared/lambda/parse.ts';
import { proofBy } from '../../../../support/durable/proof.ts';
import { ownAlarmsOf } from '../../../../support/own-alarms.ts';

const own = () => ownAlarmsOf({});
const home = () => ({
  cluster: 'orders',
  clusterArn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/8c4b-4',
  stack: own,
});
const parse = (event: unknown) => parseEvent(wakeEvent(home, own), event);

const commandId = '3f1c1b54-6a3e-4b0e-9a55-0d9b1a2c3d4e';
const signed = { commandId, proof: proofBy('arn:aws:iam::111122223333:user/alice', commandId) };
const person = { source: 'mskeeper.manual', procedure: 'incident' };
const minute = { source: 'mskeeper.schedule', procedure: 'incident', scope: 'minute' };

describe('incident is woken', () => {
  test('by its minute, and once a day', () => {
    expect(parse(minute)).toEqual({ kind: 'minute' });
    expect(parse({ ...minute, scope: 'daily' })).toEqual({ kind: 'daily' });
  });

  test('by its queue, of which a message that is none is a problem of its own', () => {
    const Records = [{ messageId: 'a', eventSource: 'aws:sqs', body: '{"source":"somebody"}' }];
    expect(parse({ Records })).toEqual({
      kind: 'queue',
      queued: [{ messageId: 'a', problem: expect.any(String) }],
    });
  });
});

describe('refused is', () => {
  test.each<[string, unknown, string]>([
    [
      'a command, which has a door of its own',
      { ...person, command: 'ack', incidentId: '1', signed },
      'alias commands',
    ],
    ['a wake by hand, as other procedures take it', { ...person, scope: 'minute' }, 'alias commands'],
    ['another procedure’s minute', { ...minute, procedure: 'cluster-health' }, ''],
    ['a batch of another service', { Records: [{ messageId: 'a', eventSource: 'aws:sns', body: '{}' }] }, ''],
    ['nothing', {}, ''],
    ['no object', 'list', ''],
  ])('%s', (_what, event, said) => {
    expect(() => parse(event)).toThrow(InvalidEventError);
    expect(() => parse(event)).toThrow(said);
  });
});
