import type { ViewProblem } from '../../core/cluster-view.ts';
import type { Codec } from '../wire/codec.ts';
import type { Reply } from './address-link.ts';
import { type BrokerLink, canAnswer } from './broker-link.ts';
import { hedge } from './hedge.ts';

/** Who can be asked for what any broker can answer: those that told of the cluster in time. */
export type AskableLinks = {
  readonly trusted: readonly BrokerLink[];
  /** Overruled in what they told of the cluster: asked only where nobody else answers. */
  readonly doubted: readonly BrokerLink[];
};

/** As many are asked at most: what three brokers do not answer is no broker's own fault. */
const mostAsked = 3;

export type AnyBrokersReply<Answer> = {
  /** Undefined where nobody can be asked: no broker is heard, or none has the API. */
  readonly reply: Reply<Answer> | undefined;
  /** Who failed, or was asked a second before one that answered and had not answered by then. */
  readonly unansweredByIds: readonly number[];
};

const ableOf = async <Request, Answer>(links: readonly BrokerLink[], codec: Codec<Request, Answer>) => {
  const able = await Promise.all(links.map(async (link) => ((await canAnswer(link, codec)) ? [link] : [])));
  return able.flat();
};

/**
 * Asks a broker what any of them can answer, and another where it has not answered well within a second. Whom first
 * depends on what is asked, so that no broker is asked everything and none is trusted alone.
 *
 * @param isGood whether an answer is the last word; where no answer is good, one that came stands
 */
export const askAnyBroker = async <Request, Answer extends object>(
  links: AskableLinks,
  codec: Codec<Request, Answer>,
  request: Request,
  isGood: (answer: Answer) => boolean = () => true,
): Promise<AnyBrokersReply<Answer>> => {
  const [trusted, doubted] = await Promise.all([ableOf(links.trusted, codec), ableOf(links.doubted, codec)]);
  const start = trusted.length === 0 ? 0 : codec.key % trusted.length;
  const inTurn = [...trusted.slice(start), ...trusted.slice(0, start), ...doubted].slice(0, mostAsked);
  const ask = (link: BrokerLink) => link.ask(codec, request);
  const { winner, others } = await hedge(inTurn, ask, (reply) => reply.isAnswered && isGood(reply.answer));
  const answered = winner ?? others.find(({ value }) => value?.isAnswered);
  // Where no answer is good, one that came is an answer all the same.
  const isEnough = winner === undefined ? () => true : isGood;
  const failed = others.filter(({ value, hadLonger }) =>
    value === undefined ? hadLonger : !(value.isAnswered && isEnough(value.answer)),
  );
  return {
    reply: answered?.value ?? others[0]?.value,
    unansweredByIds: answered === undefined ? [] : failed.map(({ candidate }) => candidate.brokerId),
  };
};

/** What to say where nobody could be asked. */
export const nobodyToAsk = (api: string): ViewProblem => ({
  kind: 'unreachable',
  message: `no broker that answers can be asked for ${api}`,
});
