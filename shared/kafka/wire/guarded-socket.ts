import net from 'node:net';
import tls from 'node:tls';
import type { ConnectionEvidence } from './connection-failure.ts';
import { FrameGuard } from './frame-guard.ts';

/** Node's socket errors, and data, as kafkajs listens to them. */
// biome-ignore lint/suspicious/noExplicitAny: Node types its listeners so.
type Listener = (...values: any[]) => void;

/** What kafkajs touches of a socket. */
export type SocketFace = {
  readonly on: (event: string, listener: Listener) => SocketFace;
  readonly write: (bytes: Buffer) => boolean;
  readonly end: () => void;
  readonly unref: () => void;
};

/**
 * One connection's sockets under guard: hands kafkajs a socket whose bytes were judged first, remembers what explains a
 * failure, and tells when a connection is lost (kafkajs leaves requests hanging on some ways of closing).
 */
export class GuardedSocket {
  readonly #host: string;
  readonly #port: number;
  readonly #ssl: object | null;
  readonly #usesSasl: boolean;
  readonly #sockets: net.Socket[] = [];
  readonly #loss = Promise.withResolvers<never>();
  #guard = new FrameGuard();
  #violation: string | undefined;
  #isTlsAnswer = false;
  #isOpen = false;
  #isConnectedTcp = false;
  #isClosedByBroker = false;
  #isDestroyed = false;

  constructor(host: string, port: number, ssl: object | null, usesSasl: boolean) {
    this.#host = host;
    this.#port = port;
    this.#ssl = ssl;
    this.#usesSasl = usesSasl;
    // Whoever races against the loss handles it; a loss that nobody waits for is not an error.
    this.#loss.promise.catch(() => {});
  }

  /** Rejects when the connection ends, whoever ended it. Never resolves. */
  get lost(): Promise<never> {
    return this.#loss.promise;
  }

  get evidence(): ConnectionEvidence {
    return {
      ...(this.#violation === undefined ? {} : { violation: this.#violation }),
      isTlsAnswer: this.#isTlsAnswer,
      usesTls: this.#ssl !== null,
      usesSasl: this.#usesSasl,
      isOpen: this.#isOpen,
      isConnectedTcp: this.#isConnectedTcp,
      isInsideFrame: this.#guard.isInsideFrame,
      isClosedByBroker: this.#isClosedByBroker,
    };
  }

  /** kafkajs's socket factory. */
  open(onConnect: () => void): SocketFace {
    this.#guard = new FrameGuard();
    const socket = this.#connect(() => {
      this.#isOpen = true;
      onConnect();
    });
    this.#sockets.push(socket);
    socket.setNoDelay(true);
    socket.once('connect', () => {
      this.#isConnectedTcp = true;
    });
    let lastError: Error | undefined;
    socket.on('error', (error) => {
      lastError = error;
    });
    socket.on('end', () => {
      this.#isClosedByBroker = true;
    });
    socket.on('close', () => {
      if (this.#isDestroyed) return;
      this.#isClosedByBroker = true;
      this.#loss.reject(lastError ?? new Error('connection closed by the broker'));
    });
    return this.#face(socket);
  }

  #connect(onConnect: () => void): net.Socket {
    const address = { host: this.#host, port: this.#port };
    if (this.#ssl === null) return net.connect(address, onConnect);
    const name = net.isIP(this.#host) === 0 ? { servername: this.#host } : {};
    return tls.connect({ ...address, ...name, ...this.#ssl }, onConnect);
  }

  #face(socket: net.Socket): SocketFace {
    const face: SocketFace = {
      on: (event, listener) => {
        if (event === 'data') socket.on('data', (chunk: Buffer) => this.#pass(socket, chunk, listener));
        else socket.on(event, listener);
        return face;
      },
      write: (bytes) => {
        this.#guard.noteRequest(bytes);
        return socket.write(bytes);
      },
      end: () => {
        socket.end();
      },
      unref: () => {
        socket.unref();
      },
    };
    return face;
  }

  #pass(socket: net.Socket, chunk: Buffer, listener: Listener): void {
    if (this.#violation !== undefined) return;
    const verdict = this.#guard.judge(chunk);
    if (verdict.accepted) {
      if (verdict.passed.length > 0) listener(verdict.passed);
      return;
    }
    this.#violation = verdict.violation;
    this.#isTlsAnswer = verdict.isTls;
    socket.destroy();
  }

  /**
   * Ends everything at once, without waiting for the broker. A connection that is still being made ends with an error,
   * which lets kafkajs stop its own timer.
   */
  destroy(): void {
    this.#isDestroyed = true;
    const reason = new Error('given up');
    this.#loss.reject(reason);
    for (const socket of this.#sockets) socket.destroy(this.#isOpen ? undefined : reason);
  }
}
