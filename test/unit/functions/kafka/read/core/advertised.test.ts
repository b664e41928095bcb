import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refusalOfAdvertised } from '../../../../../../functions/kafka/read/core/advertised.ts';

const region = 'eu-west-1';
const isAllowed = (host: string, bootstrap?: string) =>
  refusalOfAdvertised({ host, port: 9098 }, { region, ...(bootstrap === undefined ? {} : { bootstrap }) }) ===
  undefined;

const msk = 'b-2.orders.abc123.c2.kafka.eu-west-1.amazonaws.com';

describe('without a bootstrap setting', () => {
  test.each([msk, msk.toUpperCase(), `${msk}.`, 'boot-abc.c1.kafka-serverless.eu-west-1.amazonaws.com'])(
    '%s of MSK is connected to',
    (host) => {
      expect(isAllowed(host)).toBe(true);
    },
  );

  test.each([
    'b-2.orders.abc123.c2.kafka.us-east-1.amazonaws.com',
    `${msk}.example`,
    `example@${msk}`,
    `example/${msk}`,
    `example\0.${msk}`,
    'kafka.eu-west-1.amazonaws.com',
    'evilkafka.eu-west-1.amazonaws.com',
    'kafka.example',
    '10.0.0.1',
    '::1',
    '',
    '.',
  ])('%j is not', (host) => {
    expect(isAllowed(host)).toBe(false);
  });
});

type Row = readonly [bootstrap: string, host: string];

describe('with a bootstrap setting', () => {
  test.each<Row>([
    ['b-1.kafka.corp.example:9094', 'b-1.kafka.corp.example'],
    ['b-1.kafka.corp.example:9094', 'B-1.Kafka.Corp.Example.'],
    ['b-1.kafka.corp.example:9094', 'b-2.kafka.corp.example'],
    ['b-1.kafka.corp.example:9094', 'b-2.zone-a.kafka.corp.example'],
    ['boot.corp:9094', 'b-1.boot.corp'],
    ['b-1.example.com:9094', 'b-2.example.com'],
    ['kafka:9092', 'kafka'],
    ['kafka_1.docker.internal:9092', 'kafka_2.docker.internal'],
    ['127.0.0.1:9092, 127.0.0.1:9093', '127.0.0.1'],
    ['[::1]:9092', '::1'],
    ['[::1]:9092', '0:0:0:0:0:0:0:1'],
    ['[2001:DB8::1]:9092', '2001:db8:0::1'],
    ['10.0.0.1:9092', msk],
  ])('of %s the host %s is connected to', (bootstrap, host) => {
    expect(isAllowed(host, bootstrap)).toBe(true);
  });

  test.each<Row>([
    ['b-1.kafka.corp.example:9094', 'evilkafka.corp.example'],
    ['b-1.kafka.corp.example:9094', 'corp.example'],
    ['b-1.kafka.corp.example:9094', 'b-1.kafka.corp.example.evil.example'],
    ['b-1.kafka.corp.example:9094', 'evil@b-2.kafka.corp.example'],
    ['b-1.kafka.corp.example:9094', 'b-2..kafka.corp.example'],
    ['b-1.kafka.corp.example:9094', '-b.kafka.corp.example'],
    ['b-1.kafka.corp.example:9094', 'b\u0000.kafka.corp.example'],
    ['b-1.kafka.corp.example:9094', 'b-2.kafka.corp.example..'],
    ['example.com:9094', 'evil.com'],
    ['kafka.co.uk:9094', 'evil.co.uk'],
    ['my-nlb-1.elb.eu-west-1.amazonaws.com:9094', 'evil-2.elb.eu-west-1.amazonaws.com'],
    ['kafka:9092', 'evil.kafka'],
    ['kafka-1:9092', 'kafka-2'],
    ['10.0.0.1:9092', '10.0.0.2'],
    ['10.0.0.1:9092', 'b.0.0.1'],
    ['10.0.0.1:9092', '167772161'],
    ['127.0.0.1:9092', '127.1'],
    ['127.0.0.1:9092', '0x7f000001'],
    ['127.0.0.1:9092', 'localhost'],
    ['[::1]:9092', '::2'],
    ['[::1]:9092', '::1%eth0'],
    ['[::1]:9092', '[::1]'],
    ['b-1.kafka.corp.example:9094', 'b-1.kafka.corp.example:9094'],
    ['b-1.kafka.corp.example:9094', ''],
  ])('of %s the host %j is not', (bootstrap, host) => {
    expect(isAllowed(host, bootstrap)).toBe(false);
  });
});

test('a refusal says where it would have gone, and what to do', () => {
  const refusal = refusalOfAdvertised(
    { host: 'evil.example', port: 9 },
    { region, bootstrap: 'b-1.kafka.corp.example:9094' },
  );
  expect(refusal).toBe(
    'advertised as "evil.example", port 9, which is no host of the configured cluster (b-1.kafka.corp.example): not ' +
      'connected, no credentials sent. Name its host in `bootstrap` of mskeeper.yml, or correct advertised.listeners of the broker',
  );
});

test('whatever stands around our names, only what ends in our domain is connected to', () => {
  const ours = ['kafka.corp.example', 'eu-west-1.amazonaws.com'];
  const noise = fc.string({ unit: 'binary', maxLength: 12 });
  fc.assert(
    fc.property(noise, fc.constantFrom(...ours, 'b-1.kafka.corp.example', msk), noise, (before, name, after) => {
      const host = `${before}${name}${after}`;
      if (!isAllowed(host, 'b-1.kafka.corp.example:9094')) return;
      const plain = host.toLowerCase().replace(/\.$/, '');
      expect(plain).toMatch(/^[a-z0-9_.-]+$/);
      expect(ours.some((domain) => plain.endsWith(`.${domain}`))).toBe(true);
    }),
  );
});
