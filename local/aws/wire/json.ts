import { JsonCodec } from '@aws-sdk/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../service.ts';
import { errorSchema } from './schema.ts';

const EPOCH_SECONDS = 7;

/** JSON bodies by schema. REST-JSON renames members by their `jsonName` (MSK's are camelCase), AWS-JSON does not. */
export function createJson(options: { jsonName: boolean }) {
  const codec = new JsonCodec({
    timestampFormat: { useTrait: true, default: EPOCH_SECONDS },
    jsonName: options.jsonName,
  });
  return {
    read(schema: NormalizedSchema, body: Uint8Array): Record<string, unknown> {
      const parsed = parse(body);
      // JSON.parse gave nothing but JSON values, which is what the SDK calls a document.
      return codec.createDeserializer().readObject(schema, parsed as never) ?? {};
    },
    write(schema: NormalizedSchema, value: unknown): string {
      const serializer = codec.createSerializer();
      serializer.write(schema, value);
      return String(serializer.flush());
    },
    /** An error's members by its schema, plus the message under the name that the error's shape gives it. */
    writeError(clientModule: Readonly<Record<string, unknown>>, error: AwsError): Record<string, unknown> {
      const known = errorSchema(clientModule, error.code);
      if (!known) return { message: error.message, ...error.fields };
      const members = known.schema.getMemberSchemas();
      const messageMember = Object.keys(members).find((name) => name.toLowerCase() === 'message') ?? 'message';
      const serializer = codec.createSerializer();
      serializer.write(known.schema, { ...error.fields, [messageMember]: error.message });
      return { message: error.message, ...JSON.parse(String(serializer.flush())) };
    },
  };
}

function parse(body: Uint8Array): object {
  const text = Buffer.from(body).toString('utf8');
  if (text === '') return {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  } catch (cause) {
    throw new AwsError('SerializationException', 400, `The body is not JSON: ${String(cause)}`);
  }
  throw new AwsError('SerializationException', 400, 'The body is not a JSON object.');
}
