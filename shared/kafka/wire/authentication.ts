/** What makes a TLS client trust a broker: Node's own authorities where absent (MSK's certificates are public ones). */
type BrokerTrust = { readonly certificateAuthority?: string };

/** Everything that a connection needs to be let in. Passwords and keys stay here and in no log or error. */
export type KafkaAuthentication =
  | { readonly kind: 'plaintext' }
  | ({ readonly kind: 'tls' } & BrokerTrust)
  | ({
      readonly kind: 'mtls';
      readonly certificate: string;
      readonly key: string;
      readonly passphrase?: string;
    } & BrokerTrust)
  | ({ readonly kind: 'scram'; readonly username: string; readonly password: string } & BrokerTrust)
  | ({ readonly kind: 'iam'; readonly fetchToken: () => Promise<string> } & BrokerTrust);

/** kafkajs's `ssl` and `sasl` settings. SCRAM is SHA-512 and inside TLS, as MSK has it. */
export const transportSecurity = (
  authentication: KafkaAuthentication,
): { readonly ssl: object | null; readonly sasl: object | null } => {
  if (authentication.kind === 'plaintext') return { ssl: null, sasl: null };
  const { certificateAuthority } = authentication;
  const trust = certificateAuthority === undefined ? {} : { ca: [certificateAuthority] };
  switch (authentication.kind) {
    case 'tls':
      return { ssl: trust, sasl: null };
    case 'mtls': {
      const { certificate: cert, key, passphrase } = authentication;
      return { ssl: { ...trust, cert, key, ...(passphrase === undefined ? {} : { passphrase }) }, sasl: null };
    }
    case 'scram': {
      const { username, password } = authentication;
      return { ssl: trust, sasl: { mechanism: 'scram-sha-512', username, password } };
    }
    case 'iam': {
      const { fetchToken } = authentication;
      const oauthBearerProvider = async () => ({ value: await fetchToken() });
      return { ssl: trust, sasl: { mechanism: 'oauthbearer', oauthBearerProvider } };
    }
    default:
      return authentication satisfies never;
  }
};
