import { describe, expect, test } from 'vitest';
import type { ListenerName } from '../../../../local/kafka/listeners.ts';
import { kafkaVersions } from '../../../../local/kafka/versions.ts';
import type { KafkaAuthentication } from '../../../../shared/kafka/wire/authentication.ts';
import { lookAtLocal } from '../../../support/kafka/kafka-look.ts';
import { shareKafka } from '../../../support/kafka/shared-kafka.ts';

describe.each(kafkaVersions)('Kafka %s', (version) => {
  const cluster = shareKafka({ version, brokerCount: 3 });

  const secrets = () => {
    const { certificates, credentials } = cluster.kafka;
    if (certificates === undefined || credentials === undefined) throw new Error('secured listeners were asked for');
    return {
      certificateAuthority: certificates.authority,
      certificate: certificates.clientCertificate,
      key: certificates.clientKey,
      ...credentials,
    };
  };

  const look = (listener: ListenerName, authentication: KafkaAuthentication) =>
    lookAtLocal(
      cluster.kafka,
      { expectedBrokerIds: [1, 2, 3] },
      {
        bootstrapServers: cluster.kafka.bootstrapServers(listener).slice(0, 1),
        authentication,
        connectTimeoutMs: 5_000,
      },
    );

  test.each<[string, ListenerName, () => KafkaAuthentication]>([
    ['plaintext', 'plaintext', () => ({ kind: 'plaintext' })],
    ['TLS', 'tls', () => ({ kind: 'tls', certificateAuthority: secrets().certificateAuthority })],
    [
      'SCRAM',
      'scram',
      () => {
        const { username, password, certificateAuthority } = secrets();
        return { kind: 'scram', username, password, certificateAuthority };
      },
    ],
    [
      'mTLS',
      'mtls',
      () => {
        const { certificate, key, certificateAuthority } = secrets();
        return { kind: 'mtls', certificate, key, certificateAuthority };
      },
    ],
  ])('by %s the whole look is answered', async (_name, listener, authentication) => {
    const view = await look(listener, authentication());
    expect(view.problems).toEqual([]);
    const answered = { logDirectories: [{}], requestCount: expect.any(Number) };
    expect(view.brokers).toMatchObject([1, 2, 3].map((id) => ({ id, ...answered })));
    expect(view.controller).toEqual({ toldBy: 'quorum', brokerId: expect.any(Number) });
  });

  type Refusal = readonly [string, ListenerName, () => KafkaAuthentication, string, string];
  const refusals: readonly Refusal[] = [
    [
      'a wrong password',
      'scram',
      () => {
        const { username, certificateAuthority } = secrets();
        return { kind: 'scram', username, password: 'not-this-one', certificateAuthority };
      },
      'authentication-failed',
      'invalid credentials',
    ],
    [
      'an unknown user',
      'scram',
      () => {
        const { password, certificateAuthority } = secrets();
        return { kind: 'scram', username: 'nobody', password, certificateAuthority };
      },
      'authentication-failed',
      'invalid credentials',
    ],
    [
      'SCRAM to a listener without SASL',
      'tls',
      () => {
        const { username, password, certificateAuthority } = secrets();
        return { kind: 'scram', username, password, certificateAuthority };
      },
      'authentication-failed',
      'SASL',
    ],
    [
      'an IAM token to a listener that knows only SCRAM',
      'scram',
      () => ({ kind: 'iam', fetchToken: async () => 'token', certificateAuthority: secrets().certificateAuthority }),
      'authentication-failed',
      'mechanism',
    ],
    [
      'no SASL to a listener that wants it',
      'scram',
      () => ({ kind: 'tls', certificateAuthority: secrets().certificateAuthority }),
      'unreachable',
      'wants SASL',
    ],
    [
      'an authority that did not sign the broker',
      'mtls',
      () => {
        const { certificate, key } = secrets();
        return { kind: 'mtls', certificate, key };
      },
      'tls-failed',
      'certificate',
    ],
    [
      'no client certificate',
      'mtls',
      () => ({ kind: 'tls', certificateAuthority: secrets().certificateAuthority }),
      'authentication-failed',
      'client certificate',
    ],
    [
      'TLS to a plaintext listener',
      'plaintext',
      () => ({ kind: 'tls', certificateAuthority: secrets().certificateAuthority }),
      'tls-failed',
      'TLS',
    ],
    ['plaintext to a TLS listener', 'tls', () => ({ kind: 'plaintext' }), 'tls-failed', 'speaks TLS'],
  ];

  test.each(refusals)('%s is named as such', async (_name, listener, authentication, kind, words) => {
    const view = await look(listener, authentication());
    expect(view.brokers).toEqual([]);
    expect(view.problems).toEqual([{ what: 'metadata', problem: { kind, message: expect.stringContaining(words) } }]);
    expect(JSON.stringify(view)).not.toContain('not-this-one');
  });
});
