import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asStored } from '../../../../shared/acting/case.ts';
import { toDependencyError } from '../../../../shared/aws/errors.ts';
import { keepError } from '../../../../shared/durable/errors.ts';
import { errorMapper } from '../../../../shared/lambda/errors.ts';
import { fitJson } from '../../../../shared/text/fit-json.ts';
import { toJson } from '../../../../shared/text/json.ts';
import { namesIn } from '../../../../shared/text/names.ts';
import { describeError, namesToSay, redactRecord, redactText, redactValue } from '../../../../shared/text/redaction.ts';
import { cases } from '../../../support/depth.ts';

const throws = (): never => {
  throw new Error('not to be read');
};
const circle = (): object => {
  const round: Record<string, unknown> = { names: ['orders'] };
  round.self = new Map([['again', round]]);
  round.list = [round, new Set([round])];
  return round;
};
const circleOfCauses = (): Error => {
  const first = new Error('first');
  first.cause = new Error('second', { cause: first });
  return first;
};
const deep = (levels: number): object => {
  let value: object = { target: { topic: 'orders' } };
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? { value } : [value];
  return value;
};
const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

/** Makers of what ends a careless reading, by the word that names it. */
const awkward: Readonly<Record<string, () => unknown>> = {
  'an invalid date': () => new Date(Number.NaN),
  'no date at all': () => Object.create(Date.prototype),
  'a bigint': () => 2n ** 70n,
  'a symbol': () => Symbol('orders'),
  'keys that are symbols': () =>
    new Map<unknown, unknown>([
      [Symbol('orders'), 1],
      [Object.create(null), 2],
    ]),
  'a circle': circle,
  'causes in a circle': circleOfCauses,
  'an error without anything': () => Object.create(Error.prototype),
  'an error whose fields throw': () =>
    Object.defineProperties(new Error('x'), {
      message: { get: throws },
      cause: { get: throws },
      code: { get: throws },
    }),
  'an error of odd fields': () =>
    Object.assign(new Error('x'), { name: Symbol('x'), message: 7n, stack: { a: 1 }, call: [] }),
  'a getter that throws': () => Object.defineProperty({ kept: 1 }, 'lost', { get: throws, enumerable: true }),
  'a list whose items throw': () => Object.defineProperty([1, 2], '0', { get: throws, enumerable: true }),
  'a list of holes': () => new Array(4_000_000_000),
  'a list of holes where names stand': () => ({ names: new Array(4_000_000_000) }),
  'nothing but depth': () => deep(50_000),
  'a map and a set': () => new Map<unknown, unknown>([['a', new Set([1n, 'x'])]]),
  'a map that does not begin': () => Object.assign(new Map([[1, 2]]), { [Symbol.iterator]: throws }),
  bytes: () => Buffer.from('orders'),
  'an object without a prototype': () => Object.assign(Object.create(null), { a: 1 }),
  'a proxy that refuses': () => new Proxy({}, { ownKeys: throws, get: throws, getPrototypeOf: throws }),
  'a proxy that is gone': revoked,
  'no text': () => ({ toString: throws, valueOf: throws, toJSON: throws }),
  'an address': () => new URL('https://user:secret@example.com/'),
  'no address at all': () => Object.create(URL.prototype),
  'a function': () => throws,
  nothing: () => undefined,
};

const anything: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    // Proxies are left out: the library itself looks into what it draws.
    fc
      .constantFrom(...Object.entries(awkward).flatMap(([what, make]) => (/proxy|no text/.test(what) ? [] : [make])))
      .map((make) => make()),
    fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withNullPrototype: true,
      withSparseArray: true,
    }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'names', 'target', 'subject', 'token')),
      tie('value'),
      { maxKeys: 4 },
    ),
    tie('value').map((cause) => new Error('x', { cause })),
  ),
})).value;

/** Everything through which a value goes on its way out. */
const waysOut: Readonly<Record<string, (value: unknown) => unknown>> = {
  redactValue,
  redactRecord: (value) => redactRecord({ value }),
  namesIn,
  namesToSay: (value) => namesToSay(value, ['orders']),
  describeError,
  keepError: (value) => keepError(value, ['secret']),
  toDependencyError: (value) => toDependencyError('kafka:ListNodes', value),
  asStored: (value) => asStored(value),
  toJson: (value) => toJson(redactValue(value) ?? null),
  fitJson: (value) => fitJson(redactRecord({ value }), 2_000),
  errorMapper: (value) => {
    const request = { error: value };
    // Middy's own type wants an event and a context, which this middleware does not read.
    Reflect.apply(errorMapper().onError ?? throws, undefined, [request]);
    return request.error;
  },
};

describe.each(Object.entries(waysOut))('%s', (_name, way) => {
  test.each(Object.entries(awkward))('ends for %s', (_what, make) => {
    expect(() => way(make())).not.toThrow();
  });

  test('ends for any value', () => {
    fc.assert(
      fc.property(anything, (value) => {
        way(value);
      }),
      cases(150, 5_000),
    );
  });
});

test('what comes of any value is plain data, which JSON keeps', () => {
  fc.assert(
    fc.property(anything, (value) => {
      const json = toJson(redactValue(value) ?? null);
      expect(toJson(JSON.parse(json))).toBe(json);
    }),
    cases(200, 5_000),
  );
});

test('what cannot be read says so, and what stands beside it is told', () => {
  expect(redactValue({ a: awkward['a getter that throws']?.(), b: 'b' })).toEqual({
    a: { kept: 1, lost: '[unreadable]' },
    b: 'b',
  });
  expect(redactValue(awkward['a proxy that refuses']?.())).toBe('[unreadable]');
  expect(redactValue(awkward['an invalid date']?.())).toBe('[invalid date]');
  expect(JSON.stringify(redactValue(deep(150)))).toContain('[too deep]');
  expect(redactText('topic orders')).toBe('topic orders');
});
