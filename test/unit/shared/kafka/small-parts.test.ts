import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DependencyError } from '../../../../shared/core/errors.ts';
import { chunksOf } from '../../../../shared/kafka/look/chunks.ts';
import { parseBrokerAddress } from '../../../../shared/kafka/look/options.ts';
import { FrameGuard } from '../../../../shared/kafka/wire/frame-guard.ts';
import { problemOfCode, problemOfFailure, problemUnlessNone } from '../../../../shared/kafka/wire/kafka-error.ts';
import { WireWriter } from '../../../../shared/kafka/wire/writer.ts';

describe('the frame guard', () => {
  const requestOf = (id: number) => Buffer.from(new WireWriter(false).int32(8).int16(3).int16(9).int32(id).bytes);
  const answerOf = (id: number, size: number) =>
    Buffer.concat([Buffer.from(new WireWriter(false).int32(size + 4).int32(id).bytes), Buffer.alloc(size, 0xff)]);

  test('lets answers to what was asked through, however they are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(50), { minLength: 1, maxLength: 6 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
        (sizes, cuts) => {
          const guard = new FrameGuard();
          sizes.forEach((_size, id) => {
            guard.noteRequest(requestOf(id));
          });
          const sent = Buffer.concat(sizes.map((size, id) => answerOf(id, size)));
          const passed: Buffer[] = [];
          let rest = sent;
          while (rest.length > 0) {
            const taken = Number(cuts.next().value);
            const verdict = guard.judge(rest.subarray(0, taken));
            if (!verdict.accepted) throw new Error(verdict.violation);
            passed.push(verdict.passed);
            rest = rest.subarray(taken);
          }
          expect(guard.isInsideFrame).toBe(false);
          expect(Buffer.concat(passed).equals(sent)).toBe(true);
        },
      ),
    );
  });

  test('refuses a second answer to one question', () => {
    const guard = new FrameGuard();
    guard.noteRequest(requestOf(1));
    expect(guard.judge(answerOf(1, 3))).toEqual({ accepted: true, passed: answerOf(1, 3) });
    expect(guard.judge(answerOf(1, 3))).toMatchObject({ accepted: false, isTls: false });
  });

  test('never throws and never waits for gigabytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 30 }), { maxLength: 10 }), (chunks) => {
        const guard = new FrameGuard();
        for (const chunk of chunks) {
          const verdict = guard.judge(Buffer.from(chunk));
          if (!verdict.accepted) return;
        }
        expect(Buffer.concat(chunks).length).toBeLessThan(8);
      }),
    );
  });
});

test.each([
  ['b-1.example:9098', { host: 'b-1.example', port: 9098 }],
  [' 127.0.0.1:9092 ', { host: '127.0.0.1', port: 9092 }],
  ['[::1]:9092', { host: '::1', port: 9092 }],
  ['b-1.example', undefined],
  ['b-1.example:0', undefined],
  ['b-1.example:65536', undefined],
  ['::1:9092', undefined],
  ['user@host:1', undefined],
  ['', undefined],
])('the address %j', (text, address) => {
  expect(parseBrokerAddress(text)).toEqual(address);
});

test('chunks hold every item once, in order, none too large', () => {
  fc.assert(
    fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 20 }), (items, size) => {
      const chunks = chunksOf(items, size);
      expect(chunks.flat()).toEqual(items);
      for (const chunk of chunks) expect(chunk.length).toBeLessThanOrEqual(size);
      expect(chunks.every((chunk) => chunk.length > 0)).toBe(true);
    }),
  );
});

test.each([
  [0, undefined],
  [30, { kind: 'denied', code: 30, message: 'GROUP_AUTHORIZATION_FAILED (30): no' }],
  [16, { kind: 'kafka-error', code: 16, message: 'NOT_COORDINATOR (16): no' }],
  [4711, { kind: 'kafka-error', code: 4711, message: 'error (4711): no' }],
])('error code %d as a problem', (code, problem) => {
  expect(problemUnlessNone(code, 'no')).toEqual(problem);
});

test('a code without words of its own has its name', () => {
  expect(problemOfCode(5).message).toBe('LEADER_NOT_AVAILABLE (5)');
});

test.each([
  ['unreachable', 'unreachable'],
  ['timed-out', 'timed-out'],
  ['tls-failed', 'tls-failed'],
  ['authentication-failed', 'authentication-failed'],
  ['denied', 'denied'],
  ['failed', 'unsupported'],
  ['bad-answer', 'bad-answer'],
] as const)('a connection that failed as %s is a problem of kind %s', (failure, kind) => {
  expect(problemOfFailure(new DependencyError('Kafka connect', failure, 'why'))).toMatchObject({ kind });
});
