import { NormalizedSchema } from '@smithy/core/schema';

/**
 * The SDK's own operation schemas, read at run time. They are semi-internal: each operation is the array
 * `[9, namespace, name, traits, input, output]`, an error `[-3, namespace, name, traits, …]`, exported as `Name$`.
 * The version is pinned exactly, and a contract test a protocol notices when the form changes.
 */
export type OperationSchema = {
  readonly name: string;
  /** REST protocols: method, path pattern with literal query, success status. */
  readonly http: readonly [method: string, pattern: string, status: number] | undefined;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
};

const OPERATION = 9;
const ERROR = -3;

/** Every operation that the client knows, by name. */
export function operationSchemas(
  clientModule: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, OperationSchema> {
  const schemas = new Map<string, OperationSchema>();
  for (const value of Object.values(clientModule)) {
    if (!Array.isArray(value) || value[0] !== OPERATION) continue;
    const [, , name, traits, input, output] = value;
    const http = typeof traits === 'object' ? traits.http : undefined;
    schemas.set(name, {
      name,
      http,
      input: NormalizedSchema.of(deref(input)),
      output: NormalizedSchema.of(deref(output)),
    });
  }
  if (schemas.size === 0) throw new Error('the client module exports no operation schemas; was the SDK upgraded?');
  return schemas;
}

export type ErrorSchema = {
  /** The code on the wire of the query protocol (`InvalidParameter` for `InvalidParameterException`). */
  readonly queryCode: string | undefined;
  readonly status: number | undefined;
  readonly schema: NormalizedSchema;
};

/** What the client knows of an error, by the name of its class. */
export function errorSchema(clientModule: Readonly<Record<string, unknown>>, code: string): ErrorSchema | undefined {
  const found = clientModule[`${code}$`];
  if (!Array.isArray(found) || found[0] !== ERROR) return undefined;
  const traits = found[3];
  const [queryCode] = Array.isArray(traits?.awsQueryError) ? traits.awsQueryError : [];
  // The SDK's static schemas are its own tuples; NormalizedSchema.of is their public reader.
  return { queryCode, status: traits?.httpError, schema: NormalizedSchema.of(found as never) };
}

function deref(schema: unknown): never {
  // Schemas that refer to others hold thunks; the type is the SDK's private tuple, checked by NormalizedSchema.
  return (typeof schema === 'function' ? schema() : schema) as never;
}
