/** What a client may meet: as MSK's four kinds of bootstrap brokers, with IAM's place taken by nothing local. */
export const listenerNames = ['plaintext', 'tls', 'scram', 'mtls'] as const;
export type ListenerName = (typeof listenerNames)[number];

/** Kafka's `security.protocol` of a listener. MSK's SCRAM is always inside TLS. */
export const securityProtocol = (listener: ListenerName): 'PLAINTEXT' | 'SSL' | 'SASL_SSL' => {
  switch (listener) {
    case 'plaintext':
      return 'PLAINTEXT';
    case 'tls':
    case 'mtls':
      return 'SSL';
    case 'scram':
      return 'SASL_SSL';
    default:
      return listener satisfies never;
  }
};

export type SecuredListener = Exclude<ListenerName, 'plaintext'>;

export const isSecured = (listener: ListenerName): listener is SecuredListener => listener !== 'plaintext';
