import { Kafka, logLevel } from 'kafkajs';
import { type LocalKafka, startKafka } from '../kafka/start-kafka.ts';

/** The brokers of a world: its own, or a running cluster's. */
export type WorldBrokers = {
  readonly kafkaVersion: string;
  readonly brokers: readonly { readonly id: number; readonly address: string }[];
  readonly bootstrapServers: readonly string[];
  /** Absent for somebody else's cluster: then nothing may be stopped. */
  readonly own?: LocalKafka;
  close(): Promise<void>;
};

/** Brokers whose session ends fast: drills wait for detection. */
export const quickSession = { 'broker.session.timeout.ms': '3000', 'broker.heartbeat.interval.ms': '500' };

/** A local cluster as a world's brokers; they go with it. */
export const worldBrokersOf = (own: LocalKafka): WorldBrokers => ({
  kafkaVersion: own.version,
  brokers: own.brokers.map(({ id, host, portByListener }) => ({
    id,
    address: `${host}:${portByListener.plaintext}`,
  })),
  bootstrapServers: own.bootstrapServers(),
  own,
  close: () => own.stop(),
});

export const startOwnBrokers = async (
  brokerCount: number,
  signal: AbortSignal,
  onProgress: (line: string) => void,
): Promise<WorldBrokers> =>
  worldBrokersOf(await startKafka({ brokerCount, settings: quickSession, signal, onProgress }));

/** @throws where no bootstrap server answers; the message names them */
export const joinBrokers = async (bootstrapServers: readonly string[]): Promise<WorldBrokers> => {
  const kafka = new Kafka({
    clientId: 'mskeeper-drill',
    brokers: [...bootstrapServers],
    logLevel: logLevel.NOTHING,
    retry: { retries: 1 },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    return {
      kafkaVersion: 'of the given cluster',
      brokers: brokers
        .map(({ nodeId, host, port }) => ({ id: nodeId, address: `${host}:${port}` }))
        .toSorted((left, right) => left.id - right.id),
      bootstrapServers,
      close: async () => {},
    };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new WorldError(`no Kafka broker answers at ${bootstrapServers.join(', ')}: ${why}`, { cause });
  } finally {
    await admin.disconnect();
  }
};

/** The world cannot be made: said in one line with what to do. */
export class WorldError extends Error {
  override readonly name = 'WorldError';
}
