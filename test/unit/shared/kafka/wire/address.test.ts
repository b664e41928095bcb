import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KafkaAuthentication } from '../../../../../shared/kafka/wire/authentication.ts';
import { openConnection } from '../../../../../shared/kafka/wire/transport.ts';

const open = (host: string, port: number, kind: 'plaintext' | 'tls' = 'plaintext') => {
  const authentication: KafkaAuthentication = { kind };
  return openConnection({ host, port, authentication, connectTimeoutMs: 5_000, requestTimeoutMs: 5_000 });
};

const kinds = ['plaintext', 'tls'] as const;

describe.each(kinds)('by %s', (kind) => {
  test.each([
    ['127.0.0.1', 70_000, '70000 is no port'],
    ['127.0.0.1', -1, '-1 is no port'],
    ['127.0.0.1', 0, '0 is no port'],
    ['127.0.0.1', 65_536, '65536 is no port'],
    ['', 9_092, 'its host is empty'],
    ['b-1\u0000.example', 9_092, 'a control character'],
    ['b-1 .example', 9_092, 'a blank'],
    ['b'.repeat(256), 9_092, 'its host has 256 characters'],
  ])('the address %j, %i is told as no address, not as a fault of our key', async (host, port, words) => {
    await expect(open(host, port, kind)).rejects.toMatchObject({
      name: 'DependencyError',
      failure: 'unreachable',
      message: expect.stringContaining(words),
    });
  });

  test('whatever address a broker advertises, its cause is never TLS where nothing was connected', async () => {
    const host = fc.oneof(
      fc.constantFrom('', '\0', ' ', '\r\n', '127.0.0.1', '::1'),
      fc
        .tuple(fc.string({ unit: 'binary', maxLength: 300 }), fc.constantFrom('\0', ' ', '\u007f'))
        .map(([a, b]) => a + b),
    );
    const noPort = fc.oneof(fc.constantFrom(-1, 0, 65_536, 2 ** 31 - 1, -(2 ** 31)), fc.integer({ min: 65_536 }));
    const anyPort = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    const address = fc.oneof(
      fc.tuple(host, noPort),
      fc.tuple(
        host.filter((text) => !/^[\d:.]+$/.test(text)),
        anyPort,
      ),
    );
    await fc.assert(
      fc.asyncProperty(address, async ([text, port]) => {
        const error = await open(text, port, kind).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ name: 'DependencyError', failure: 'unreachable' });
        expect(String(error)).not.toMatch(/[\0\r\n]/);
      }),
    );
  });

  test('an address where nobody listens is unreachable, too', async () => {
    await expect(open('127.0.0.1', 1, kind)).rejects.toMatchObject({ failure: 'unreachable' });
  });
});

test('a key that cannot be used is still told as one', async () => {
  const authentication: KafkaAuthentication = { kind: 'mtls', certificate: 'no', key: 'no' };
  const opening = openConnection({
    host: '127.0.0.1',
    port: 1,
    authentication,
    connectTimeoutMs: 5_000,
    requestTimeoutMs: 5_000,
  });
  await expect(opening).rejects.toMatchObject({ failure: 'tls-failed' });
});
