import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidEventError } from '../../../../shared/core/errors.ts';
import { type CommandWords, mostForMinutes } from '../../../../shared/core/incident-command.ts';
import { digestOfCommand, incidentCommandEvent } from '../../../../shared/events/incident-command.ts';
import { parseEvent } from '../../../../shared/lambda/parse.ts';
import { cases } from '../../../support/depth.ts';
import { proofBy } from '../../../support/durable/proof.ts';

const commandId = '3f1c1b54-6a3e-4b0e-9a55-0d9b1a2c3d4e';
const signed = { commandId, proof: proofBy('arn:aws:iam::111122223333:user/alice', commandId) };
const from = { source: 'mskeeper.manual', procedure: 'incident' };

const parse = (event: unknown) => parseEvent(incidentCommandEvent, event);
const refusal = (event: unknown): string => {
  try {
    parse(event);
  } catch (error) {
    if (error instanceof InvalidEventError) return error.message;
    throw error;
  }
  return 'accepted';
};

describe('a command', () => {
  test.each([
    [{ command: 'list' }],
    [{ command: 'ack', incidentId: '12', signed }],
    [{ command: 'ack', incidentId: '12', forMinutes: mostForMinutes, signed }],
    [{ command: 'silence', incidentId: '1', forMinutes: 1, signed }],
    [{ command: 'escalate', incidentId: '999999999', signed }],
    [{ command: 'resolve', incidentId: '12', signed }],
    [{ command: 'test', signed }],
  ])('%j is taken as it is', (words) => {
    expect(parse({ ...from, ...words })).toEqual({ kind: 'command', ...words });
  });

  test.each<[string, object, string]>([
    ['another command', { command: 'delete', signed }, 'expected one of list, ack, silence, escalate, resolve, test'],
    ['none', { signed }, 'expected one of list, ack, silence, escalate, resolve, test'],
    ['without a signature', { command: 'resolve', incidentId: '12' }, 'a command counts by whoever signs it'],
    ['without an incident', { command: 'ack', signed }, 'expected incidentId'],
    ['a number as an id', { command: 'ack', incidentId: 12, signed }, 'incidentId'],
    ['an id of words', { command: 'ack', incidentId: '12 or all', signed }, 'such as "12"'],
    ['an id with a nought before it', { command: 'ack', incidentId: '012', signed }, 'such as "12"'],
    ['an incident for a test', { command: 'test', incidentId: '12', signed }, 'incidentId'],
    ['minutes for an end', { command: 'resolve', incidentId: '12', forMinutes: 5, signed }, 'forMinutes'],
    ['words beside a list', { command: 'list', incidentId: '12' }, 'incidentId'],
    ['something else', { command: 'ack', incidentId: '12', force: true, signed }, 'force'],
    ['an id that is no uuid', { command: 'test', signed: { ...signed, commandId: '../../x' } }, 'commandId'],
    ['more in its signature', { command: 'test', signed: { ...signed, by: 'alice' } }, 'by'],
  ])('of %s is refused', (_what, words, said) => {
    expect(refusal({ ...from, ...words })).toContain(said);
  });

  test.each([0, -30, 0.5, mostForMinutes + 1, 1e9, Number.NaN, Number.POSITIVE_INFINITY, '30', null])(
    'for %s minutes is refused with the bounds',
    (forMinutes) => {
      for (const command of ['ack', 'silence']) {
        const event = { ...from, command, incidentId: '12', forMinutes, signed };
        expect(refusal(event)).toContain(`expected whole minutes from 1 to ${mostForMinutes}`);
      }
    },
  );

  test('of another source or to another procedure is refused', () => {
    expect(refusal({ ...from, command: 'list', source: 'mskeeper' })).toContain('source');
    expect(refusal({ ...from, command: 'list', procedure: 'storage-scaling' })).toContain('procedure');
  });
});

describe('what is signed', () => {
  const clusterArn = 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/8c4b-4';
  const minutes = fc.option(fc.integer({ min: 1, max: mostForMinutes }), { nil: undefined });
  const incidentId = fc.integer({ min: 1, max: 99 }).map(String);
  const words: fc.Arbitrary<CommandWords> = fc.oneof(
    fc
      .record({ command: fc.constantFrom('ack', 'silence'), incidentId, forMinutes: minutes })
      .map(({ forMinutes, ...rest }) => ({ ...rest, ...(forMinutes !== undefined && { forMinutes }) })),
    fc.record({ command: fc.constantFrom('escalate', 'resolve'), incidentId }),
    fc.constant<CommandWords>({ command: 'test' }),
  );
  const where = fc.record({
    clusterArn: fc.constantFrom(clusterArn, `${clusterArn}2`),
    commandId: fc.constantFrom('a', 'b'),
  });

  test('is the same for the same words and for no others, nor on another cluster or another time', () => {
    fc.assert(
      fc.property(words, where, words, where, (one, its, other, others) => {
        const isSame = JSON.stringify(sorted({ ...one, ...its })) === JSON.stringify(sorted({ ...other, ...others }));
        expect(digestOfCommand(one, its) === digestOfCommand(other, others)).toBe(isSame);
      }),
      cases(1_000, 20_000),
    );
  });

  test('is no wake’s', () => {
    expect(digestOfCommand({ command: 'test' }, { clusterArn, commandId })).toMatch(/^[0-9a-f]{64}$/);
  });
});

const sorted = (value: object) => Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
