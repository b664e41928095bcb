import type { CertificateFiles } from './certificates.ts';
import type { ScramUser } from './format.ts';
import { type SecuredListener, securityProtocol } from './listeners.ts';

/** Client settings by which the official tools connect to a secured listener. Source: Kafka's security documentation. */
export const clientSettings = (
  listener: SecuredListener,
  files: CertificateFiles,
  user: ScramUser,
): Record<string, string> => ({
  'security.protocol': securityProtocol(listener),
  'ssl.truststore.type': 'PEM',
  'ssl.truststore.location': files.authorityPath,
  ...(listener === 'mtls' ? { 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': files.clientPath } : {}),
  ...(listener === 'scram'
    ? {
        'sasl.mechanism': 'SCRAM-SHA-512',
        'sasl.jaas.config':
          'org.apache.kafka.common.security.scram.ScramLoginModule required ' +
          `username="${user.username}" password="${user.password}";`,
      }
    : {}),
});
