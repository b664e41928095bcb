import { describe, expect, it } from 'vitest';
import { kafkaVersions } from '../../../local/kafka/versions.ts';
import { createTopic, freshName } from '../../support/kafka/kafka.ts';
import { shareKafka } from '../../support/kafka/shared-kafka.ts';

describe.each(kafkaVersions)('listeners of Kafka %s', (version) => {
  const local = shareKafka({ version, brokerCount: 3 });

  it.each(['plaintext', 'tls', 'scram', 'mtls'] as const)('let the official tools in by %s', async (listener) => {
    const topic = await createTopic(local.kafka, freshName(listener), { partitions: 1 });
    const { code } = await local.kafka.tool('kafka-console-producer', ['--topic', topic], { listener, input: 'one\n' });
    expect(code).toBe(0);
    const { stdout } = await local.kafka.tool('kafka-get-offsets', ['--topic', topic], { listener });
    expect(stdout).toBe(`${topic}:0:1\n`);
  });

  it('refuse a client without a certificate at mTLS', async () => {
    const mtls = local.kafka.bootstrapServers('mtls').join(',');
    const { stderr, code } = await local.kafka.tool('kafka-topics', ['--list', '--bootstrap-server', mtls], {
      listener: 'tls',
    });
    expect(code).not.toBe(0);
    expect(stderr).toContain('SslAuthenticationException');
  });

  it('give a password that is made anew, and no private key of the authority', () => {
    expect(local.kafka.credentials?.username).toBe('mskeeper');
    expect(local.kafka.credentials?.password).toMatch(/^[\w-]{24}$/);
    expect(local.kafka.certificates?.authority).toMatch(/^-----BEGIN CERTIFICATE-----/);
    expect(Object.keys(local.kafka.certificates ?? {}).sort()).toEqual(['authority', 'clientCertificate', 'clientKey']);
  });

  it('are only those that were asked for', () => {
    const { brokers } = local.kafka;
    expect(Object.keys(brokers[0]?.portByListener ?? {}).sort()).toEqual(['mtls', 'plaintext', 'scram', 'tls']);
    expect(new Set(brokers.flatMap(({ portByListener }) => Object.values(portByListener))).size).toBe(12);
  });
});
