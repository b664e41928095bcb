import type { ViewProblem } from '../../core/cluster-view.ts';
import { counted } from '../../core/counted.ts';
import type { Codec } from '../wire/codec.ts';
import type { KafkaConnection } from '../wire/transport.ts';
import type { AddressLink, Reply } from './address-link.ts';

/** One broker of a look, as its id says. */
export type BrokerLink = {
  readonly brokerId: number;
  /** The connection, once the broker has said that it is of our cluster; else why it cannot be asked. */
  readonly connected: Promise<Reply<KafkaConnection>>;
  readonly ask: AddressLink['ask'];
  /** Present where it let us in and then answered nothing that we asked of it. To be asked when the look is over. */
  readonly silence: () => ViewProblem | undefined;
};

/** A broker that is not asked, and why. */
export const refuseBroker = (brokerId: number, problem: ViewProblem): BrokerLink => {
  const refused = Promise.resolve({ isAnswered: false, problem } as const);
  return { brokerId, connected: refused, ask: () => refused, silence: () => undefined };
};

const introduce = async (link: AddressLink, clusterId: string | undefined): Promise<Reply<KafkaConnection>> => {
  const connected = await link.connected;
  if (!connected.isAnswered) return connected;
  const introduction = await link.introduction();
  if (!introduction.isAnswered) {
    const { problem } = introduction;
    const message = `let us in and then answered none of ${counted(1, 'request')}: ${problem.message}`;
    return { isAnswered: false, problem: { ...problem, message } };
  }
  const theirs = introduction.answer.clusterId;
  if (clusterId === undefined || theirs === undefined || theirs === clusterId) return connected;
  const message = `at ${link.address.host}:${link.address.port} a broker of another cluster answers (${theirs}, ours is ${clusterId})`;
  return { isAnswered: false, problem: { kind: 'bad-answer', message } };
};

const silenceOf = (link: AddressLink): ViewProblem | undefined => {
  const { askedCount, answeredCount } = link.tally();
  if (askedCount === 0 || answeredCount > 0) return undefined;
  return { kind: 'timed-out', message: `let us in and then answered none of ${counted(askedCount, 'request')}` };
};

/**
 * A broker at its address. What is asked of it waits for its first Metadata, which it must answer first in any case: who
 * answers there may be of another cluster.
 *
 * @param clusterId ours; undefined where nobody told
 */
export const linkBroker = (brokerId: number, link: AddressLink, clusterId: string | undefined): BrokerLink => {
  const connected = introduce(link, clusterId);
  // A fault of ours ends the look by whoever waits for this; where another one was faster, nobody does.
  connected.catch(() => {});
  return {
    brokerId,
    connected,
    ask: async <Request, Answer extends object>(codec: Codec<Request, Answer>, request: Request) => {
      const ready = await connected;
      return ready.isAnswered ? link.ask(codec, request) : ready;
    },
    silence: () => silenceOf(link),
  };
};

/** False also where there is no connection. */
export const canAnswer = async <Request, Answer>(link: BrokerLink, codec: Codec<Request, Answer>): Promise<boolean> => {
  const connected = await link.connected;
  return connected.isAnswered && connected.answer.versionOf(codec) !== undefined;
};
