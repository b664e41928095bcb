import Broker from 'kafkajs/src/broker/index.js';
import ConnectionPool from 'kafkajs/src/network/connectionPool.js';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import { DependencyError } from '../../core/errors.ts';
import { metadata } from '../codecs/metadata.ts';
import { addressFault, addressText } from './address.ts';
import { type KafkaAuthentication, transportSecurity } from './authentication.ts';
import { type Codec, decodeAnswer, encodeRequest, newestCommonVersion } from './codec.ts';
import { connectionFailure } from './connection-failure.ts';
import { withinDeadline } from './deadline.ts';
import { maximumFrameBytes } from './frame-guard.ts';
import { GuardedSocket } from './guarded-socket.ts';
import { tooLargeRefusal } from './kafka-error.ts';
import { type OversizedAnswer, readOversized } from './oversized-answer.ts';

/** An open, authenticated connection to one broker. */
export type KafkaConnection = {
  readonly host: string;
  readonly port: number;
  /** From opening the connection until the broker had answered and let us in. */
  readonly answerMs: number;
  /** Newest version that both sides know; undefined where the broker cannot do it. */
  readonly versionOf: <Request, Answer>(codec: Codec<Request, Answer>) => number | undefined;
  /** Newest version that the broker knows of an API, whether or not we speak it; undefined where it cannot do it. */
  readonly newestVersionOf: (apiKey: number) => number | undefined;
  /**
   * @throws DependencyError `timed-out`, `unreachable`, `bad-answer` …; `failed` where the broker lacks the API
   */
  readonly ask: <Request, Answer extends object>(
    codec: Codec<Request, Answer>,
    request: Request,
    timeoutMs: number,
  ) => Promise<Answer>;
  /** Ends the connection at once. To be called in any case: an open one keeps the process alive. */
  readonly close: () => Promise<void>;
};

export type ConnectionOptions = {
  readonly host: string;
  readonly port: number;
  readonly authentication: KafkaAuthentication;
  /** For all of TCP, TLS, the version question and authentication together. */
  readonly connectTimeoutMs: number;
  /** The most that any single request may take. */
  readonly requestTimeoutMs: number;
  /** Gives up connecting, and closes. */
  readonly signal?: AbortSignal;
};

/** A name that no request can carry came from a broker's own answer: it is no fault of ours. */
const encoded = (call: string, encode: () => Buffer): Buffer => {
  try {
    return encode();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new DependencyError(call, 'bad-answer', `not asked, since it would name ${cause.message}`, { cause });
  }
};

/** It was there and was left where it was: who asked may ask for less at a time. */
const tooLarge = (call: string, { answerBytes }: OversizedAnswer): DependencyError => {
  const words = `an answer of ${answerBytes} bytes, and more than ${maximumFrameBytes} are not taken in`;
  return new DependencyError(call, 'bad-answer', words, { facts: { refusal: tooLargeRefusal } });
};

/** Failures are thrown, so kafkajs's own log (which may hold requests) stays off. */
const silent: ConnectionPool.Logger = {
  namespace: () => silent,
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
};

/** kafkajs arms a timer with a negative time after every answer, on which Node 24 prints a warning; it is for throttling only. */
const quietQueues = (pool: ConnectionPool): void => {
  for (const { requestQueue } of pool.pool) {
    const schedule = requestQueue.scheduleCheckPendingRequests.bind(requestQueue);
    requestQueue.scheduleCheckPendingRequests = () => {
      if (requestQueue.pending.length > 0) schedule();
    };
  }
};

const destroyPool = async (pool: ConnectionPool): Promise<void> => {
  // kafkajs waits for pending requests before it lets go; ours have been given up.
  for (const { requestQueue } of pool.pool) requestQueue.rejectAll(new Error('connection closed'));
  await pool.destroy();
};

/**
 * Connects to one broker address, asks its versions and authenticates.
 *
 * @throws DependencyError naming the address: `unreachable`, `timed-out`, `tls-failed`, `authentication-failed`, `bad-answer`
 */
export const openConnection = async (options: ConnectionOptions): Promise<KafkaConnection> => {
  const { host, port, authentication, connectTimeoutMs, requestTimeoutMs } = options;
  const call = (name: string) => `Kafka ${name} broker ${addressText(host, port)}`;
  const fault = addressFault(host, port);
  if (fault !== undefined)
    throw new DependencyError(
      call('connect'),
      'unreachable',
      `no address to connect to: ${fault}; brokers advertise it (advertised.listeners)`,
    );
  const { ssl, sasl } = transportSecurity(authentication);
  const socket = new GuardedSocket(host, port, ssl, sasl !== null);
  const pool = new ConnectionPool({
    host,
    port,
    clientId: 'mskeeper',
    ssl,
    sasl,
    connectionTimeout: connectTimeoutMs,
    requestTimeout: requestTimeoutMs,
    enforceRequestTimeout: true,
    maxInFlightRequests: null,
    logger: silent,
    socketFactory: ({ onConnect }) => socket.open(onConnect),
  });
  quietQueues(pool);
  const broker = new Broker({ connectionPool: pool, logger: silent });
  const close = async () => {
    socket.destroy();
    await destroyPool(pool);
  };
  const within = async <Value>(name: string, work: Promise<Value>, timeoutMs: number): Promise<Value> => {
    try {
      const lateError = () => new Error(`timed out after ${Math.round(timeoutMs)} ms`);
      return await withinDeadline(Promise.race([work, socket.lost]), timeoutMs, lateError);
    } catch (error) {
      throw connectionFailure(call(name), error, socket.evidence);
    }
  };

  const giveUp = () => socket.destroy();
  options.signal?.addEventListener('abort', giveUp, { once: true });
  const startedMs = performance.now();
  try {
    options.signal?.throwIfAborted();
    await within('connect', broker.connect(), connectTimeoutMs);
    if (broker.versions?.[metadata.key] === undefined) {
      throw new DependencyError(
        call('connect'),
        'bad-answer',
        'its list of APIs has no Metadata: it is no Kafka broker',
      );
    }
  } catch (error) {
    await close();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', giveUp);
  }
  const answerMs = performance.now() - startedMs;

  return {
    host,
    port,
    answerMs,
    versionOf: (codec) => newestCommonVersion(codec, broker.versions?.[codec.key]),
    newestVersionOf: (apiKey) => broker.versions?.[apiKey]?.maxVersion,
    ask: async <Request, Answer extends object>(codec: Codec<Request, Answer>, request: Request, timeoutMs: number) => {
      const { name, key } = codec;
      const version = newestCommonVersion(codec, broker.versions?.[key]);
      if (version === undefined) throw new DependencyError(call(name), 'failed', 'the broker cannot do this');
      const bytes = encoded(call(name), () => encodeRequest(codec, version, request));
      const sent = pool.send<Answer>({
        request: {
          apiKey: key,
          apiVersion: version,
          apiName: name,
          encode: async () => new Encoder(bytes.length).writeBuffer(bytes),
        },
        response: {
          decode: async (answer) => {
            const oversized = readOversized(answer);
            if (oversized !== undefined) throw tooLarge(call(name), oversized);
            return { answer: decodeAnswer(codec, version, answer) };
          },
          parse: async ({ answer }) => answer,
        },
        logResponseError: false,
      });
      return within(name, sent, Math.min(timeoutMs, requestTimeoutMs));
    },
    close,
  };
};
