import { expect, test } from 'vitest';
import { type ConnectionEvidence, connectionFailure } from '../../../../../shared/kafka/wire/connection-failure.ts';

const nothingYet: ConnectionEvidence = {
  isTlsAnswer: false,
  usesTls: true,
  usesSasl: true,
  isOpen: false,
  isConnectedTcp: false,
  isInsideFrame: false,
  isClosedByBroker: false,
};

/** As kafkajs puts it: Node's words behind its own, and Node's code. */
const notFound = (code: string, host: string): Error =>
  Object.assign(new Error(`Connection error: getaddrinfo ${code} ${host}`), { code });

test.each([
  ['ENOTFOUND', 'b-2.orderssaslprod.a1b2c3.c4.kafka.eu-west-1.amazonaws.com'],
  ['EAI_AGAIN', 'b-2.authentication.a1b2c3.c4.kafka.eu-west-1.amazonaws.com'],
  ['ENOTFOUND', 'b-2.pembroke.a1b2c3.c4.kafka.eu-west-1.amazonaws.com'],
  ['EAI_FAIL', 'b-2.timeoutdemo.a1b2c3.c4.kafka.eu-west-1.amazonaws.com'],
  ['ENOTFOUND', 'b-2.alerts-certificate.a1b2c3.c4.kafka.eu-west-1.amazonaws.com'],
])('an address that is not found (%s) is unreachable, whatever its cluster is called: %s', (code, host) => {
  expect(connectionFailure('Kafka look', notFound(code, host), nothingYet)).toMatchObject({
    failure: 'unreachable',
    message: `Kafka look: no connection: Connection error: getaddrinfo ${code} ${host}`,
  });
});
