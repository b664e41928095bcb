/** The parts of kafkajs 2.2.4 that transport.ts uses and that its published types leave out. The version is pinned. */

declare module 'kafkajs/src/protocol/encoder.js' {
  class Encoder {
    constructor(initialSize?: number);
    writeBuffer(bytes: Buffer): Encoder;
  }
  export = Encoder;
}

declare module 'kafkajs/src/network/connectionPool.js' {
  import type Encoder from 'kafkajs/src/protocol/encoder.js';

  type Log = (message: string, extra?: object) => void;
  type Logger = { namespace(): Logger; debug: Log; info: Log; warn: Log; error: Log };
  type RequestQueue = {
    readonly pending: readonly unknown[];
    rejectAll(error: Error): void;
    scheduleCheckPendingRequests(): void;
  };
  type Wrapped<Answer> = { answer: Answer };

  class ConnectionPool {
    constructor(options: {
      host: string;
      port: number;
      clientId: string;
      ssl: object | null;
      sasl: object | null;
      connectionTimeout: number;
      requestTimeout: number;
      enforceRequestTimeout: boolean;
      maxInFlightRequests: number | null;
      logger: Logger;
      socketFactory: (options: { onConnect: () => void }) => object;
    });
    send<Answer>(protocol: {
      request: { apiKey: number; apiVersion: number; apiName: string; encode: () => Promise<Encoder> };
      response: {
        decode: (bytes: Buffer) => Promise<Wrapped<Answer>>;
        parse: (decoded: Wrapped<Answer>) => Promise<Answer>;
      };
      logResponseError: boolean;
    }): Promise<Answer>;
    readonly pool: readonly { readonly requestQueue: RequestQueue }[];
    destroy(): Promise<void>;
  }
  namespace ConnectionPool {
    export type { Logger };
  }
  export = ConnectionPool;
}

declare module 'kafkajs/src/broker/index.js' {
  import type ConnectionPool from 'kafkajs/src/network/connectionPool.js';

  class Broker {
    constructor(options: { connectionPool: ConnectionPool; logger: ConnectionPool.Logger });
    /** By API key, after `connect`. */
    versions: Record<number, { minVersion: number; maxVersion: number } | undefined> | null;
    /** Connects, asks for versions, authenticates. */
    connect(): Promise<void>;
  }
  export = Broker;
}
