import { type LogEntry, logLevel } from 'kafkajs';

/** `retriable` is what kafkajs looks at before it tries again. */
class ForbiddenConnection extends Error {
  readonly retriable = false;
}

/** Ways out of a kafkajs consumer that would not end by itself, by the lines that it logs. */
export type Exits = {
  /** Gets every line at DEBUG; nothing is printed. */
  readonly onLogLine: (line: LogEntry) => void;
  /** From now on each new connection fails for good, so that no attempt is repeated. */
  forbidConnections(): void;
};

/**
 * kafkajs makes new fetchers when a broker leaves or joins. Stopped between the old ones and the new, it lets the new ones
 * turn without end: each fetch answers at once that the consumer is not running, in microtasks, so that no timer and no
 * socket of the whole process is heard any more. The line that such a fetch logs is the only thing of ours that is called
 * in there: an error thrown from it ends the fetch, its fetcher and the consumer, as any other failed fetch does.
 */
export const openExits = (): Exits => {
  let isForbidden = false;
  return {
    onLogLine: ({ level, namespace, log }) => {
      if (level !== logLevel.DEBUG) return;
      if (namespace === 'Runner' && log.message === 'consumer not running, exiting')
        throw new Error('the consumer is stopped: no fetch begins');
      if (isForbidden && namespace === 'Connection' && log.message === 'Connecting')
        throw new ForbiddenConnection('the consumer is being torn down: no connection begins');
    },
    forbidConnections: () => {
      isForbidden = true;
    },
  };
};
