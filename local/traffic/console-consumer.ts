import type { LocalKafka } from '../kafka/start-kafka.ts';

export type ConsoleConsumerOptions = {
  readonly kafka: LocalKafka;
  readonly groupId: string;
  readonly topic: string;
  /** `consumer` is KIP-848, which Kafka 4 brokers know and kafkajs doesn't. */
  readonly protocol: 'classic' | 'consumer';
};

/**
 * One member of a group, run by the official console consumer: the way to a group of the new protocol. Returns at once;
 * the group appears when Java has started. `stop` lets it leave the group, and rejects where it had ended by itself.
 */
export const startConsoleConsumer = (options: ConsoleConsumerOptions): { stop(): Promise<void> } => {
  const { kafka, groupId, topic, protocol } = options;
  const stopping = new AbortController();
  const property = kafka.version.startsWith('3.') ? '--consumer-property' : '--command-property';
  const ended = kafka
    .tool(
      'kafka-console-consumer',
      ['--topic', topic, '--group', groupId, '--from-beginning', property, `group.protocol=${protocol}`],
      { signal: stopping.signal, isOutputDropped: true },
    )
    .then(
      ({ stderr, code }) => new Error(`the console consumer ended by itself with status ${code}: ${stderr.trim()}`),
      (error: unknown) => error,
    );
  return {
    stop: async () => {
      stopping.abort();
      const outcome = await ended;
      if (outcome !== stopping.signal.reason) throw outcome;
    },
  };
};
