import fc from 'fast-check';

const glue = (...parts: string[]): string => parts.join('');

/** Names that Kafka takes and that look like what is no name: keys, tokens, telephone numbers, words before a password. */
export const namesLikeSecrets: readonly string[] = [
  glue('CustomerAccountStatement', 'GeneratedEventV2'),
  glue('PaymentInstructionSettlement', 'Confirmed24h'),
  glue('0123456789abcdef', '0123456789abcdef'),
  glue('xoxb', '-orders-events-v1'),
  glue('AKIA', 'ORDERSPAYMENTS'),
  glue('ghp', '_ordersPayments0123456789'),
  glue('eyJorders', '.payments.invoices'),
  '100-200-3000',
  '100-200',
  '0912345678',
  'payment-token',
  'client.secret',
  'password',
  'token',
  'pwd',
];

/** Names that Kafka takes and that every plain object of JavaScript has already: `constructor`, `__proto__`, `toString`. */
export const namesOfEveryObject: readonly string[] = Object.getOwnPropertyNames(Object.prototype);

/** Any name that Kafka takes for a topic: 249 characters at most. */
export const kafkaName: fc.Arbitrary<string> = fc.oneof(
  fc.stringMatching(/^[a-zA-Z0-9._-]{1,249}$/),
  fc.stringMatching(/^[a-zA-Z0-9]{40}$/),
  fc.constantFrom(...namesLikeSecrets),
  fc.constantFrom(...namesOfEveryObject),
);
