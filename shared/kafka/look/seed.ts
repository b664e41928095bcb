import { setTimeout as pause } from 'node:timers/promises';
import type { ClusterView, ViewProblem } from '../../core/cluster-view.ts';
import { type MetadataAnswer, metadata } from '../codecs/metadata.ts';
import type { KafkaConnection } from '../wire/transport.ts';
import { problemOf } from './broker-link.ts';
import { type BrokerAddress, parseBrokerAddress } from './options.ts';

/** The connection that described the cluster, and the addresses that failed before it. */
export type Seed = {
  /** Undefined where nobody answered. */
  readonly winner: { readonly connection: KafkaConnection; readonly answer: MetadataAnswer } | undefined;
  readonly problems: ClusterView['problems'];
  /** Metadata requests sent. */
  readonly requestCount: number;
};

/** An address gets this long before the next one is tried beside it, so that a frozen broker costs little. */
const staggerMs = 1_000;

const problemOfAddress = (server: string, problem: ViewProblem): ViewProblem => ({
  ...problem,
  message: `bootstrap server ${server}: ${problem.message}`,
});

/**
 * Finds a broker that describes the cluster. Servers are tried in order, each a moment after the last or as soon as it
 * failed; the first description wins and the other connections are closed. Where nobody answers, the problems tell why
 * for each address.
 *
 * @param open connects to an address, within its own timeout; gives up when the signal aborts
 * @param remainingMs time left until the look's deadline
 */
export const findSeed = async (
  bootstrapServers: readonly string[],
  open: (address: BrokerAddress, signal: AbortSignal) => Promise<KafkaConnection>,
  remainingMs: () => number,
): Promise<Seed> => {
  const problems: ViewProblem[] = [];
  if (bootstrapServers.length === 0) problems.push({ kind: 'unreachable', message: 'no bootstrap server was given' });
  let winner: Seed['winner'];
  let requestCount = 0;
  const next = new AbortController();

  const attempt = async (server: string): Promise<void> => {
    const address = parseBrokerAddress(server);
    if (address === undefined) {
      problems.push({ kind: 'unreachable', message: `bootstrap server ${server} is no host:port` });
      return;
    }
    let connection: KafkaConnection | undefined;
    try {
      connection = await open(address, next.signal);
      if (winner === undefined) {
        requestCount += 1;
        const answer = await connection.ask(metadata, {}, remainingMs());
        if (winner === undefined) {
          winner = { connection, answer };
          connection = undefined;
          next.abort();
        }
      }
    } catch (error) {
      if (winner === undefined) problems.push(problemOfAddress(server, problemOf(error)));
    } finally {
      await connection?.close();
    }
  };

  const running: Promise<void>[] = [];
  for (const server of bootstrapServers) {
    if (winner !== undefined || remainingMs() <= 0) break;
    const attempted = attempt(server);
    running.push(attempted);
    await Promise.race([attempted, pause(staggerMs, undefined, { signal: next.signal, ref: false }).catch(() => {})]);
  }
  const won = new Promise<void>((resolve) => {
    next.signal.addEventListener('abort', () => resolve());
    if (next.signal.aborted) resolve();
  });
  await Promise.race([Promise.all(running), won]);

  const what = winner === undefined ? 'metadata' : 'bootstrap';
  return {
    winner,
    problems: problems.map((problem) => ({ what, problem })),
    requestCount,
  };
};
