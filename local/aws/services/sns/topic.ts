import type { Policy } from '../../iam/policy.ts';
import { AwsError } from '../../service.ts';

export const PROTOCOLS = ['lambda', 'sqs', 'email', 'email-json', 'sms', 'http', 'https'] as const;
export type SnsProtocol = (typeof PROTOCOLS)[number];

export type Subscription = {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: SnsProtocol;
  readonly endpoint: string;
  readonly isRaw: boolean;
  readonly deadLetterQueueArn: string | undefined;
  /** E-mail and HTTPS endpoints get nothing until a person confirmed. */
  isConfirmed: boolean;
};

export type Topic = {
  readonly arn: string;
  readonly name: string;
  /** Who publishes to an encrypted topic needs its key too. */
  readonly keyArn: string | undefined;
  policies: readonly Policy[];
  subscriptions: Subscription[];
};

export type Publication = {
  readonly message: string;
  readonly subject: string | undefined;
  readonly isStructured: boolean;
  /** Of its attributes: they count towards the message's limit. */
  readonly attributeBytes?: number;
};

type Attribute = {
  readonly DataType?: string | undefined;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: Uint8Array | undefined;
};

/** Name, type and value of each. Source: SNS Developer Guide, "Message attributes". */
export const bytesOfAttributes = (attributes: Readonly<Record<string, Attribute>> = {}): number =>
  Object.entries(attributes).reduce(
    (total, [name, { DataType = '', StringValue = '', BinaryValue }]) =>
      total + Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.length ?? 0),
    0,
  );

/** A message by protocol, `default` for the rest. */
export type MessageByProtocol = ReadonlyMap<string, string>;

const MAX_MESSAGE_BYTES = 262_144;
const MAX_SUBJECT_CHARACTERS = 99;

/**
 * Checks a message as Publish does. Source: SNS API Reference, Publish.
 * @throws AwsError InvalidParameterException with SNS's own sentence.
 */
export function readPublication({
  message,
  subject,
  isStructured,
  attributeBytes = 0,
}: Publication): MessageByProtocol {
  const invalid = (reason: string) => new AwsError('InvalidParameterException', 400, `Invalid parameter: ${reason}`);
  if (message === '') throw invalid('Empty message');
  if (Buffer.byteLength(message) + attributeBytes > MAX_MESSAGE_BYTES) throw invalid('Message too long');
  if (subject !== undefined) {
    const isTooLong = [...subject].length > MAX_SUBJECT_CHARACTERS;
    // SNS refuses control characters and line breaks, also the two of Unicode.
    if (subject === '' || isTooLong || /[\p{Cc}\u2028\u2029]/u.test(subject)) throw invalid('Subject');
  }
  if (!isStructured) return new Map([['default', message]]);
  let structure: unknown;
  try {
    structure = JSON.parse(message);
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse');
  }
  if (typeof structure !== 'object' || structure === null || Array.isArray(structure)) {
    throw invalid('Message Structure - JSON message body failed to parse');
  }
  const texts = Object.entries(structure).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const byProtocol = new Map(texts);
  if (!byProtocol.has('default')) throw invalid('Message Structure - No default entry in JSON message body');
  return byProtocol;
}
