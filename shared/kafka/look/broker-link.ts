import type { ViewProblem } from '../../core/cluster-view.ts';
import { DependencyError } from '../../core/errors.ts';
import type { Codec } from '../wire/codec.ts';
import { problemOfFailure } from '../wire/kafka-error.ts';
import type { KafkaConnection } from '../wire/transport.ts';
import type { RequestCounter } from './request-counter.ts';

/** An answer, or why there is none: a look goes on either way. */
type Reply<Answer> =
  | { readonly isAnswered: true; readonly answer: Answer }
  | { readonly isAnswered: false; readonly problem: ViewProblem };

/**
 * One broker of a look. Its connection may still be on its way: questions wait for it, each by itself, so that a broker
 * that hangs holds nobody else up.
 */
export type BrokerLink = {
  readonly brokerId: number;
  /** How the connection turned out. */
  readonly connected: Promise<Reply<KafkaConnection>>;
  /** Replies with the connection's problem where there is none. */
  readonly ask: <Request, Answer extends object>(
    codec: Codec<Request, Answer>,
    request: Request,
  ) => Promise<Reply<Answer>>;
};

/** Turns a failure of the outside into a problem of the view. Anything else is a fault of ours and thrown on. */
export const problemOf = (error: unknown): ViewProblem => {
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

/**
 * Each request ends by its own timeout and by the look's deadline, whichever is first.
 *
 * @param remainingMs time left until the look's deadline
 */
export const linkBroker = (
  brokerId: number,
  connection: Promise<KafkaConnection>,
  counter: RequestCounter,
  remainingMs: () => number,
): BrokerLink => {
  const connected = replyOf(connection);
  return {
    brokerId,
    connected,
    ask: async (codec, request) => {
      const link = await connected;
      if (!link.isAnswered) return link;
      if (link.answer.versionOf(codec) === undefined) {
        const message = `broker ${brokerId} has no ${codec.name} that we speak`;
        return { isAnswered: false, problem: { kind: 'unsupported', message } };
      }
      const leftMs = remainingMs();
      if (leftMs <= 0) {
        const message = `${codec.name} of broker ${brokerId} was not asked: the look's time was over`;
        return { isAnswered: false, problem: { kind: 'timed-out', message } };
      }
      counter.note(codec.name, brokerId);
      return replyOf(link.answer.ask(codec, request, leftMs));
    },
  };
};

/** False also where there is no connection. */
export const canAnswer = async <Request, Answer>(link: BrokerLink, codec: Codec<Request, Answer>): Promise<boolean> => {
  const connected = await link.connected;
  return connected.isAnswered && connected.answer.versionOf(codec) !== undefined;
};

/** The broker that was connected first, for questions that any can answer; undefined where none is. */
export const firstConnected = (links: readonly BrokerLink[]): Promise<BrokerLink | undefined> =>
  Promise.any(
    links.map(async (link) => {
      if (!(await link.connected).isAnswered) throw new Error('not connected');
      return link;
    }),
  ).catch(() => undefined);
