/** The local Kafka could not be made, started or asked. The message says what happened and what to do about it. */
export class LocalKafkaError extends Error {
  override readonly name = 'LocalKafkaError';
}
