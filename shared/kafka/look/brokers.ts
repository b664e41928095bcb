import type { BrokerView, LookRequest } from '../../core/cluster-view.ts';
import { type MetadataAnswer, type MetadataBroker, metadata } from '../codecs/metadata.ts';
import type { KafkaConnection } from '../wire/transport.ts';
import { type BrokerLink, linkBroker } from './broker-link.ts';
import { fetchLogDirectories } from './log-directories.ts';
import type { BrokerAddress } from './options.ts';
import type { RequestCounter } from './request-counter.ts';

/** The brokers of one look, and how to let go of them. */
export type BrokerLinks = { readonly links: readonly BrokerLink[]; readonly close: () => Promise<void> };

/**
 * Starts connecting to every broker at once. The connection that described the cluster serves again where its address is
 * the broker's own, which saves a handshake.
 *
 * @param open connects to an address; gives up when the signal aborts
 */
export const linkBrokers = (
  brokers: readonly MetadataBroker[],
  seed: KafkaConnection,
  open: (address: BrokerAddress, signal: AbortSignal) => Promise<KafkaConnection>,
  counter: RequestCounter,
  remainingMs: () => number,
): BrokerLinks => {
  const ended = new AbortController();
  const isSeed = ({ host, port }: MetadataBroker) => host === seed.host && port === seed.port;
  const opened = brokers.map((broker) => (isSeed(broker) ? Promise.resolve(seed) : open(broker, ended.signal)));
  counter.note(metadata.name, brokers.find(isSeed)?.id);
  const links = brokers.flatMap(({ id }, index) => {
    const connection = opened[index];
    return connection === undefined ? [] : [linkBroker(id, connection, counter, remainingMs)];
  });
  const close = async () => {
    ended.abort();
    const settled = await Promise.allSettled(opened);
    const connections = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    await Promise.all([...new Set([seed, ...connections])].map((connection) => connection.close()));
  };
  return { links, close };
};

/** One broker as Metadata lists it, how it answered, and its log directories where asked for. */
export const fetchBroker = async (
  broker: MetadataAnswer['brokers'][number],
  link: BrokerLink,
  request: Pick<LookRequest, 'logDirectories' | 'topicBytes'>,
): Promise<Omit<BrokerView, 'requestCount'>> => {
  const directories = request.logDirectories ? await fetchLogDirectories(link, request.topicBytes ?? false) : {};
  const connected = await link.connected;
  return {
    id: broker.id,
    host: broker.host,
    port: broker.port,
    ...(broker.rack === undefined ? {} : { rack: broker.rack }),
    ...(connected.isAnswered ? { answerMs: Math.round(connected.answer.answerMs) } : { problem: connected.problem }),
    ...directories,
  };
};
