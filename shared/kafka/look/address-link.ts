import type { ViewProblem } from '../../core/cluster-view.ts';
import { DependencyError } from '../../core/errors.ts';
import { describeQuorum } from '../codecs/describe-quorum.ts';
import { listPartitionReassignments } from '../codecs/list-partition-reassignments.ts';
import { type MetadataAnswer, metadata } from '../codecs/metadata.ts';
import type { Codec } from '../wire/codec.ts';
import { problemOfFailure } from '../wire/kafka-error.ts';
import type { KafkaConnection } from '../wire/transport.ts';
import { type BrokerAddress, keyOf } from './options.ts';
import type { RequestCounter } from './request-counter.ts';

/** An answer, or why there is none: a look goes on either way. */
export type Reply<Answer> =
  | { readonly isAnswered: true; readonly answer: Answer }
  | { readonly isAnswered: false; readonly problem: ViewProblem };

/** Everything, or who the brokers are. */
export type Depth = 'full' | 'brokers';

/**
 * One address of a look. Its connection may still be on its way: questions wait for it, each by itself, so that a broker
 * that hangs holds nobody else up.
 */
export type AddressLink = {
  readonly address: BrokerAddress;
  /** How the connection turned out. */
  readonly connected: Promise<Reply<KafkaConnection>>;
  /** Replies with the connection's problem where there is none. */
  readonly ask: <Request, Answer extends object>(
    codec: Codec<Request, Answer>,
    request: Request,
  ) => Promise<Reply<Answer>>;
  /** What it says of the cluster. Asked at most once for each depth. */
  readonly describe: (depth: Depth) => Promise<Reply<MetadataAnswer>>;
  /** The first description that was asked for; asks for one where none was. */
  readonly introduction: () => Promise<Reply<MetadataAnswer>>;
  /** Requests about itself that were sent after its introduction, and how many of them it answered. */
  readonly tally: () => { readonly askedCount: number; readonly answeredCount: number };
};

/** Turns a failure of the outside into a problem of the view. Anything else is a fault of ours and thrown on. */
const problemOf = (error: unknown): ViewProblem => {
  if (error instanceof DependencyError) return problemOfFailure(error);
  throw error;
};

const replyOf = async <Answer>(work: Promise<Answer>): Promise<Reply<Answer>> => {
  try {
    return { isAnswered: true, answer: await work };
  } catch (error) {
    return { isAnswered: false, problem: problemOf(error) };
  }
};

/** Who it is, or handed on to the controller: what becomes of these says nothing of the broker itself. */
const notOfItself: ReadonlySet<string> = new Set(
  [metadata, describeQuorum, listPartitionReassignments].map(({ name }) => name),
);

/** Less than this is no time in which silence proves anything. */
const fairMs = 1_000;

/** @param remainingMs time left until the look's deadline, by which each request ends, or by its own timeout */
const linkAddress = (
  address: BrokerAddress,
  connection: Promise<KafkaConnection>,
  counter: RequestCounter,
  remainingMs: () => number,
): AddressLink => {
  const connected = replyOf(connection);
  const described = new Map<Depth, Promise<Reply<MetadataAnswer>>>();
  let introduction: Promise<Reply<MetadataAnswer>> | undefined;
  let askedCount = 0;
  let answeredCount = 0;

  const ask: AddressLink['ask'] = async (codec, request) => {
    const link = await connected;
    if (!link.isAnswered) return link;
    const where = `broker ${address.host}:${address.port}`;
    if (link.answer.versionOf(codec) === undefined) {
      return {
        isAnswered: false,
        problem: { kind: 'unsupported', message: `${where} has no ${codec.name} that we speak` },
      };
    }
    const leftMs = remainingMs();
    if (leftMs <= 0) {
      const message = `${codec.name} of ${where} was not asked: the look's time was over`;
      return { isAnswered: false, problem: { kind: 'timed-out', message } };
    }
    counter.note(codec.name, address);
    const isCounted = leftMs >= fairMs && !notOfItself.has(codec.name);
    if (isCounted) askedCount += 1;
    const reply = await replyOf(link.answer.ask(codec, request, leftMs));
    if (isCounted && reply.isAnswered) answeredCount += 1;
    return reply;
  };

  const describe: AddressLink['describe'] = (depth) => {
    const reply = described.get(depth) ?? ask(metadata, depth === 'full' ? {} : { topics: [] });
    described.set(depth, reply);
    introduction ??= reply;
    return reply;
  };

  return {
    address,
    connected,
    ask,
    describe,
    introduction: () => introduction ?? describe('brokers'),
    tally: () => ({ askedCount, answeredCount }),
  };
};

/** The addresses of one look, each connected to once, and how to let go of them. */
export type AddressLinks = {
  readonly at: (address: BrokerAddress) => AddressLink;
  readonly close: () => Promise<void>;
};

/** @param open connects to an address, within its own timeout; gives up when the signal aborts */
export const linkAddresses = (
  open: (address: BrokerAddress, signal: AbortSignal) => Promise<KafkaConnection>,
  counter: RequestCounter,
  remainingMs: () => number,
): AddressLinks => {
  const ended = new AbortController();
  const opened: Promise<KafkaConnection>[] = [];
  const byKey = new Map<string, AddressLink>();
  return {
    at: (address) => {
      const known = byKey.get(keyOf(address));
      if (known !== undefined) return known;
      const connection = open(address, ended.signal);
      opened.push(connection);
      const link = linkAddress(address, connection, counter, remainingMs);
      byKey.set(keyOf(address), link);
      return link;
    },
    close: async () => {
      ended.abort();
      const settled = await Promise.allSettled(opened);
      const connections = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      await Promise.all(connections.map((connection) => connection.close()));
    },
  };
};
