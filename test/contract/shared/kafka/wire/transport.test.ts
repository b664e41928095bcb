import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeLogDirs } from '../../../../../shared/kafka/codecs/describe-log-dirs.ts';
import { metadata } from '../../../../../shared/kafka/codecs/metadata.ts';
import type { KafkaAuthentication } from '../../../../../shared/kafka/wire/authentication.ts';
import { openConnection } from '../../../../../shared/kafka/wire/transport.ts';
import { WireWriter } from '../../../../../shared/kafka/wire/writer.ts';
import {
  apiVersionsBody,
  type Behaviour,
  frame,
  listen,
  listenAsBroker,
} from '../../../../support/kafka/fake-broker.ts';
import { writeLogDirs } from '../../../../support/kafka/kafka-answers.ts';

/** What comes is waited for, on however busy a machine; only what never comes is given up soon. */
const patienceMs = 60_000;
const shortMs = 300;

type Patience = { readonly connectTimeoutMs?: number; readonly requestTimeoutMs?: number };

const connect = (
  port: number,
  authentication: KafkaAuthentication = { kind: 'plaintext' },
  { connectTimeoutMs = patienceMs, requestTimeoutMs = patienceMs }: Patience = {},
) => openConnection({ host: '127.0.0.1', port, authentication, connectTimeoutMs, requestTimeoutMs });

/** Connects and asks for Metadata; the failure is what counts. */
const ask = async (port: number, authentication?: KafkaAuthentication, patience: Patience = {}) => {
  const connection = await connect(port, authentication, patience);
  try {
    return await connection.ask(metadata, {}, patience.requestTimeoutMs ?? patienceMs);
  } finally {
    await connection.close();
  }
};

const body = (write: (writer: WireWriter) => unknown): Buffer => {
  const writer = new WireWriter(true);
  write(writer);
  return Buffer.from(writer.bytes);
};

const emptyMetadata = body((w) =>
  w
    .tags()
    .int32(0)
    .array([], () => {})
    .nullableString(undefined)
    .int32(-1)
    .array([], () => {})
    .tags(),
);

test('an answer in many pieces is read', async () => {
  const port = await listenAsBroker(({ correlationId }, socket) => {
    const bytes = frame(correlationId, emptyMetadata);
    const writeFrom = (start: number) => {
      if (start >= bytes.length) return;
      socket.write(bytes.subarray(start, start + 1), () => setImmediate(() => writeFrom(start + 1)));
    };
    writeFrom(0);
  });
  await expect(ask(port)).resolves.toMatchObject({ brokers: [], topics: [], controllerId: -1 });
});

test('answers in one piece reach the questions that they belong to, whatever their order', async () => {
  const waiting: (() => Buffer)[] = [];
  const logDirs = body((w) => {
    w.tags();
    writeLogDirs(w, { errorCode: 0, directories: [] }, 4);
  });
  const port = await listenAsBroker(({ apiKey, correlationId }, socket) => {
    waiting.push(() => frame(correlationId, apiKey === metadata.key ? emptyMetadata : logDirs));
    if (waiting.length === 2) socket.write(Buffer.concat(waiting.reverse().map((write) => write())));
  });
  const connection = await connect(port);
  const [first, second] = await Promise.all([
    connection.ask(metadata, {}, patienceMs),
    connection.ask(describeLogDirs, {}, patienceMs),
  ]);
  expect(first.controllerId).toBe(-1);
  expect(second.directories).toEqual([]);
  await connection.close();
});

describe('an answer above 64 MiB', () => {
  const largeBytes = 70 * 1024 * 1024;
  const logDirs = body((w) => {
    w.tags();
    writeLogDirs(w, { errorCode: 0, directories: [] }, 4);
  });
  /** The length and correlation id of an answer whose bytes follow. */
  const headOf = (correlationId: number) =>
    Buffer.from(new WireWriter(false).int32(largeBytes).int32(correlationId).bytes);

  test.each([
    ['in pieces as they come', (bytes: Buffer) => [bytes]],
    ['its head byte by byte', (bytes: Buffer) => [...bytes].map((byte) => Buffer.from([byte]))],
  ])('is told as too large, is not taken in, and takes no other answer along: %s', async (_name, cut) => {
    const port = await listenAsBroker(({ apiKey, correlationId }, socket) => {
      if (apiKey !== metadata.key) {
        socket.write(frame(correlationId, logDirs));
        return;
      }
      socket.setNoDelay(true);
      for (const piece of cut(headOf(correlationId))) socket.write(piece);
      const piece = Buffer.alloc(1024 * 1024, 0x7f);
      for (let left = largeBytes - 4; left > 0; left -= piece.length) socket.write(piece.subarray(0, left));
    });
    const connection = await connect(port);
    const before = process.memoryUsage().arrayBuffers;
    const large = connection.ask(metadata, {}, patienceMs);
    const small = connection.ask(describeLogDirs, {}, patienceMs);
    await expect(large).rejects.toMatchObject({
      name: 'DependencyError',
      failure: 'bad-answer',
      facts: { refusal: 'too-large' },
      message: expect.stringMatching(new RegExp(`an answer of ${largeBytes} bytes, and more than 67108864 are not`)),
    });
    await expect(small).resolves.toMatchObject({ directories: [] });
    await expect(connection.ask(describeLogDirs, {}, patienceMs)).resolves.toMatchObject({ directories: [] });
    // The broker's own side of it is in this process, too: what it has not written yet.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 * largeBytes);
    await connection.close();
  });

  test('is told by its head: nobody waits for the rest', async () => {
    const port = await listenAsBroker(({ correlationId }, socket) => socket.write(headOf(correlationId)));
    await expect(ask(port)).rejects.toMatchObject({
      name: 'DependencyError',
      failure: 'bad-answer',
      facts: { refusal: 'too-large' },
    });
  });
});

describe('a broker that speaks rubbish is named as such', () => {
  const rubbish: readonly (readonly [string, Behaviour])[] = [
    ['random text', (_request, socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['a length of two gigabytes', (_request, socket) => socket.write(Buffer.from('7fffffff00000000', 'hex'))],
    ['a negative length', (_request, socket) => socket.write(Buffer.from('ffffffff00000000', 'hex'))],
    ['a length too short for an answer', (_request, socket) => socket.write(Buffer.from('00000001ff', 'hex'))],
    [
      'an answer to another question',
      ({ correlationId }, socket) => socket.write(frame(correlationId + 77, emptyMetadata)),
    ],
    [
      'an answer cut short',
      ({ correlationId }, socket) => socket.write(frame(correlationId, emptyMetadata.subarray(0, 5))),
    ],
    [
      'an answer too long',
      ({ correlationId }, socket) =>
        socket.write(frame(correlationId, Buffer.concat([emptyMetadata, Buffer.from('x')]))),
    ],
    [
      'an absurd count of brokers',
      ({ correlationId }, socket) => socket.write(frame(correlationId, Buffer.from('0000000000ffffffff07', 'hex'))),
    ],
    [
      'an answer that stops where the connection ends',
      ({ correlationId }, socket) => {
        socket.end(frame(correlationId, emptyMetadata).subarray(0, 12));
      },
    ],
  ];

  test.each(rubbish)('%s', async (_name, behaviour) => {
    await expect(ask(await listenAsBroker(behaviour))).rejects.toMatchObject({
      name: 'DependencyError',
      failure: 'bad-answer',
      call: expect.stringMatching(/^Kafka Metadata broker 127\.0\.0\.1:\d+$/),
    });
  });

  test.each(rubbish)('already at the version question: %s', async (_name, behaviour) => {
    const port = await listenAsBroker(() => {}, behaviour);
    await expect(ask(port)).rejects.toMatchObject({ name: 'DependencyError', failure: 'bad-answer' });
  });

  test('any bytes at all end in an answer or a named failure', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 64 }), async (bytes) => {
        const port = await listenAsBroker((_request, socket) => {
          socket.end(Buffer.from(bytes));
        });
        await expect(ask(port)).rejects.toMatchObject({ name: 'DependencyError' });
      }),
      { numRuns: 40 },
    );
  });
});

describe('a broker that does not answer', () => {
  test('and refuses connections is unreachable', async () => {
    const port = await listen(() => {});
    const free = port === 65_535 ? port - 1 : port + 1;
    const failure = ask(free);
    await expect(failure).rejects.toMatchObject({ name: 'DependencyError', failure: 'unreachable' });
  });

  test('whose name nobody knows is unreachable', async () => {
    const failure = openConnection({
      host: 'no-such-broker.invalid',
      port: 9092,
      authentication: { kind: 'plaintext' },
      connectTimeoutMs: patienceMs,
      requestTimeoutMs: patienceMs,
    });
    await expect(failure).rejects.toMatchObject({ name: 'DependencyError', failure: 'unreachable' });
  });

  /** Far more than the short time-out, far less than the long one: which of the two ended it, whatever the machine does. */
  const betweenMs = patienceMs / 2;

  test('to the version question costs the connect timeout, no more', async () => {
    const startedMs = performance.now();
    const failure = ask(await listen(() => {}), undefined, { connectTimeoutMs: shortMs });
    await expect(failure).rejects.toMatchObject({ name: 'DependencyError', failure: 'timed-out' });
    expect(performance.now() - startedMs).toBeLessThan(betweenMs);
  });

  test('to a question costs the request timeout, no more', async () => {
    const startedMs = performance.now();
    const failure = ask(await listenAsBroker(() => {}), undefined, { requestTimeoutMs: shortMs });
    await expect(failure).rejects.toMatchObject({ failure: 'timed-out' });
    expect(performance.now() - startedMs).toBeLessThan(betweenMs);
  });

  test('and stops in the middle of an answer is said to do so', async () => {
    const port = await listenAsBroker(({ correlationId }, socket) => {
      socket.write(frame(correlationId, emptyMetadata).subarray(0, 12));
    });
    await expect(ask(port, undefined, { requestTimeoutMs: 2_000 })).rejects.toMatchObject({
      failure: 'timed-out',
      message: expect.stringContaining('in the middle'),
    });
  });

  test('and hangs up is unreachable, with a hint at SASL', async () => {
    const port = await listenAsBroker((_request, socket) => socket.end());
    await expect(ask(port)).rejects.toMatchObject({ failure: 'unreachable', message: expect.stringContaining('SASL') });
  });

  test('to a TLS handshake, or hangs up on it, is named', async () => {
    const hangs = ask(await listen(() => {}), { kind: 'tls' }, { connectTimeoutMs: shortMs });
    await expect(hangs).rejects.toMatchObject({ failure: 'timed-out' });
    const hangsUp = await listen((socket) => socket.once('data', () => socket.end()));
    await expect(ask(hangsUp, { kind: 'tls' })).rejects.toMatchObject({ failure: 'tls-failed' });
    const speaksText = await listen((socket) => socket.once('data', () => socket.write('nonsense\n')));
    await expect(ask(speaksText, { kind: 'tls' })).rejects.toMatchObject({ failure: 'tls-failed' });
  });

  test('is given up at once when the signal aborts', async () => {
    const port = await listen(() => {});
    const signal = AbortSignal.timeout(50);
    const opening = openConnection({
      host: '127.0.0.1',
      port,
      authentication: { kind: 'plaintext' },
      connectTimeoutMs: 60_000,
      requestTimeoutMs: 60_000,
      signal,
    });
    await expect(opening).rejects.toMatchObject({ name: 'DependencyError' });
  });
});

test('a TLS alert to a plaintext client says that the broker wants TLS', async () => {
  const port = await listenAsBroker(
    () => {},
    (_request, socket) => socket.write(Buffer.from('15030300020246', 'hex')),
  );
  await expect(ask(port)).rejects.toMatchObject({
    failure: 'tls-failed',
    message: expect.stringContaining('speaks TLS'),
  });
});

test('a key that is no key is told as ours to mend', async () => {
  const port = await listen(() => {});
  const authentication = { kind: 'mtls', certificate: 'no certificate', key: 'no key' } as const;
  await expect(ask(port, authentication)).rejects.toMatchObject({
    failure: 'tls-failed',
    message: expect.stringContaining('our certificate or key'),
  });
});

test('a name that no request can carry is told as such, and nothing is sent', async () => {
  const port = await listenAsBroker(() => {
    throw new Error('asked');
  });
  const connection = await connect(port);
  await expect(connection.ask(metadata, { topics: ['x'.repeat(40_000)] }, patienceMs)).rejects.toMatchObject({
    name: 'DependencyError',
    failure: 'bad-answer',
    message: expect.stringContaining('a string of 40000 bytes'),
  });
  await connection.close();
});

test('an API that the broker has in older versions only is not sent', async () => {
  const port = await listenAsBroker(
    () => {},
    ({ correlationId }, socket) => {
      const old = new WireWriter(false)
        .int16(0)
        .array([metadata.key], (each, key) => each.int16(key).int16(0).int16(5))
        .int32(0).bytes;
      socket.write(frame(correlationId, Buffer.from(old)));
    },
  );
  const connection = await connect(port);
  expect(connection.versionOf(metadata)).toBeUndefined();
  await expect(connection.ask(metadata, {}, patienceMs)).rejects.toMatchObject({ failure: 'failed' });
  await connection.close();
});

test('a rubbish answer to SASL is no wrong password', async () => {
  // TLS stands before SASL, so this broker is asked by a listener without TLS in the integration tests only; here the
  // handshake itself is refused.
  const port = await listen((socket) => socket.once('data', () => socket.end(apiVersionsBody(0))));
  const authentication = { kind: 'scram', username: 'user', password: 'secret' } as const;
  const failure = ask(port, authentication);
  await expect(failure).rejects.toMatchObject({ failure: 'tls-failed' });
  await expect(failure).rejects.not.toMatchObject({ message: expect.stringContaining('secret') });
});
