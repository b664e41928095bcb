import type { MessageAttributeValue } from '@aws-sdk/client-sns';
import { AwsError } from '../../service.ts';
import type { MessageAttributes } from './filter-policy.ts';

export type Publication = {
  readonly message: string;
  readonly subject: string | undefined;
  readonly isStructured: boolean;
  readonly attributes: MessageAttributes;
  /** Of its attributes: they count towards the message's limit. */
  readonly attributeBytes: number;
};

/** A message by protocol, `default` for the rest. */
type MessageByProtocol = ReadonlyMap<string, string>;

const MAX_MESSAGE_BYTES = 262_144;
const MAX_SUBJECT_CHARACTERS = 99;

const invalid = (reason: string) => new AwsError('InvalidParameterException', 400, `Invalid parameter: ${reason}`);

/**
 * Checks a message as Publish does. Source: SNS API Reference, Publish.
 * @throws AwsError InvalidParameterException with SNS's own sentence.
 */
export function readPublication({ message, subject, isStructured, attributeBytes }: Publication): MessageByProtocol {
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

/**
 * A publication's attributes, and what they take of its room: name, type and value of each. Source: SNS Developer Guide,
 * "Message attributes".
 * @throws AwsError InvalidParameterValueException for one without a value
 */
export function readAttributes(
  given: Readonly<Record<string, MessageAttributeValue>> = {},
): Pick<Publication, 'attributes' | 'attributeBytes'> {
  const entries = Object.entries(given).map(([name, { DataType = '', StringValue = '', BinaryValue }]) => {
    if (StringValue === '' && (BinaryValue?.length ?? 0) === 0) {
      throw new AwsError(
        'InvalidParameterValueException',
        400,
        `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${DataType}'.`,
      );
    }
    const bytes = Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.length ?? 0);
    return { name, attribute: { dataType: DataType, stringValue: StringValue }, bytes };
  });
  return {
    attributes: Object.fromEntries(entries.map(({ name, attribute }) => [name, attribute])),
    attributeBytes: entries.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
