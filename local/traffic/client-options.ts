import type { KafkaConfig } from 'kafkajs';
import type { ListenerName } from '../kafka/listeners.ts';
import type { LocalKafka } from '../kafka/start-kafka.ts';

/** What a kafkajs client needs to come in by a listener of a local cluster. */
export const clientOptions = (kafka: LocalKafka, listener: ListenerName = 'plaintext'): KafkaConfig => {
  const brokers = kafka.bootstrapServers(listener);
  const { certificates, credentials } = kafka;
  if (listener === 'plaintext') return { brokers };
  if (certificates === undefined || credentials === undefined) throw new Error(`no certificates for ${listener}`);
  const ca = certificates.authority;
  switch (listener) {
    case 'tls':
      return { brokers, ssl: { ca } };
    case 'mtls':
      return { brokers, ssl: { ca, cert: certificates.clientCertificate, key: certificates.clientKey } };
    case 'scram':
      return { brokers, ssl: { ca }, sasl: { mechanism: 'scram-sha-512', ...credentials } };
    default:
      return listener satisfies never;
  }
};
