import type { GetBootstrapBrokersResponse } from '@aws-sdk/client-kafka';
import type { BrokerAddresses, MskCluster } from './cluster.ts';

/** GetBootstrapBrokers' strings, only for listeners that the brokers have. */
export function bootstrapOf(cluster: MskCluster): GetBootstrapBrokersResponse {
  const list = (listener: keyof BrokerAddresses): string =>
    cluster.brokers.flatMap((broker) => broker.addresses[listener] ?? []).join(',');
  const strings = {
    BootstrapBrokerString: list('plaintext'),
    BootstrapBrokerStringTls: list('tls'),
    BootstrapBrokerStringSaslScram: list('scram'),
    BootstrapBrokerStringSaslIam: list('iam'),
  };
  return Object.fromEntries(Object.entries(strings).filter(([, text]) => text !== ''));
}
