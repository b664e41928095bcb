import { FromStringShapeDeserializer, ToStringShapeSerializer } from '@smithy/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import type { WireRequest } from './message.ts';
import type { OperationSchema } from './schema.ts';

/** A REST operation's route: a pattern of path segments, and the literal query that tells it from its neighbours. */
export type Route = {
  readonly operation: OperationSchema;
  readonly status: number;
  readonly query: URLSearchParams;
  /** Labels of the request's path, decoded; undefined when the path or the literal query does not fit. */
  match(request: WireRequest): Readonly<Record<string, string>> | undefined;
};

/** The routes of every operation, those with more literal query first, since `GET /{Key}` fits much. */
export function createRoutes(schemas: Iterable<OperationSchema>): readonly Route[] {
  const routes = [...schemas].flatMap((operation) => (operation.http ? [createRoute(operation, operation.http)] : []));
  const specificity = (route: Route): number =>
    route.query.size * 100 - (route.operation.http?.[1].match(/\{/g) ?? []).length;
  return routes.toSorted((a, b) => specificity(b) - specificity(a));
}

function createRoute(
  operation: OperationSchema,
  [method, pattern, status]: NonNullable<OperationSchema['http']>,
): Route {
  const [path = '', literalQuery = ''] = pattern.split('?');
  const query = new URLSearchParams(literalQuery);
  // The JavaScript SDK's own mark, which no other client sends.
  const sdkMark = query.get(mark);
  query.delete(mark);
  const labels: string[] = [];
  const source = path.replaceAll(/\{(\w+)(\+?)\}|[.*+?^$()|[\]\\]/g, (text, label?: string, greedy?: string) => {
    if (label === undefined) return `\\${text}`;
    labels.push(label);
    return greedy ? '(.+)' : '([^/]+)';
  });
  const expression = new RegExp(`^${source}/?$`);
  return {
    operation,
    status,
    query,
    match(request) {
      if (request.method !== method) return undefined;
      for (const [name, value] of query) if (request.query.get(name) !== value) return undefined;
      if (sdkMark !== null && !fitsWithoutMark(operation, request, query, sdkMark)) return undefined;
      const found = expression.exec(request.path);
      if (!found) return undefined;
      return Object.fromEntries(labels.map((label, index) => [label, decodeURIComponent(found[index + 1] ?? '')]));
    },
  };
}

const mark = 'x-id';

/**
 * Whether a request is one of an operation that the SDK marks: by the mark, or, of a client that sends none, by asking for
 * nothing that the operation does not know.
 */
function fitsWithoutMark(
  operation: OperationSchema,
  request: WireRequest,
  literal: URLSearchParams,
  sdkMark: string,
): boolean {
  const given = request.query.get(mark);
  if (given !== null) return given === sdkMark;
  const known = new Set<unknown>();
  for (const [, member] of operation.input.structIterator()) {
    const { httpQuery, httpHeader } = member.getMergedTraits();
    known.add(httpQuery);
    known.add(httpHeader?.toLowerCase());
  }
  const isOwn = (name: string) => literal.has(name) || known.has(name) || /^x-amz-/i.test(name);
  return (
    known.has(copySource) === (request.headers[copySource] !== undefined) && [...request.query.keys()].every(isOwn)
  );
}

/** What tells a copy from a write. */
const copySource = 'x-amz-copy-source';

const TIMESTAMPS = { timestampFormat: { useTrait: true, default: 5 as const }, httpBindings: true };

/** Members that travel in the path, the query or a header. */
export function readBindings(
  schema: NormalizedSchema,
  request: WireRequest,
  labels: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const bound: Record<string, unknown> = {};
  const read = (member: NormalizedSchema, text: string): unknown =>
    new FromStringShapeDeserializer(TIMESTAMPS).read(member, text);
  for (const [name, member] of schema.structIterator()) {
    const traits = member.getMergedTraits();
    if (traits.httpLabel) bound[name] = read(member, labels[name] ?? '');
    else if (traits.httpQuery && request.query.has(traits.httpQuery)) {
      const values = request.query.getAll(traits.httpQuery);
      bound[name] = member.isListSchema()
        ? values.map((value) => read(member.getValueSchema(), value))
        : read(member, values[0] ?? '');
    } else if (traits.httpHeader && request.headers[traits.httpHeader.toLowerCase()] !== undefined) {
      bound[name] = read(member, request.headers[traits.httpHeader.toLowerCase()] ?? '');
    } else if (traits.httpPrefixHeaders !== undefined) {
      const prefix = traits.httpPrefixHeaders.toLowerCase();
      const entries = Object.entries(request.headers).filter(([header]) => header.startsWith(prefix));
      if (entries.length > 0)
        bound[name] = Object.fromEntries(entries.map(([header, value]) => [header.slice(prefix.length), value]));
    }
  }
  return bound;
}

/** The other way: headers and status of an answer. */
export function writeBindings(
  schema: NormalizedSchema,
  output: Readonly<Record<string, unknown>>,
): { readonly headers: Record<string, string>; readonly status: number | undefined } {
  const headers: Record<string, string> = {};
  let status: number | undefined;
  for (const [name, member] of schema.structIterator()) {
    const value = output[name];
    const traits = member.getMergedTraits();
    if (value === undefined || value === null) continue;
    if (traits.httpResponseCode) status = Number(value);
    else if (traits.httpHeader) {
      const serializer = new ToStringShapeSerializer(TIMESTAMPS);
      serializer.write(member, value);
      headers[traits.httpHeader.toLowerCase()] = serializer.flush();
    } else if (traits.httpPrefixHeaders !== undefined) {
      for (const [key, entry] of Object.entries(value))
        headers[`${traits.httpPrefixHeaders.toLowerCase()}${key}`] = String(entry);
    }
  }
  return { headers, status };
}

/** The member that is the body itself (Lambda's payload, an S3 object), if there is one. */
export function payloadMember(schema: NormalizedSchema): readonly [string, NormalizedSchema] | undefined {
  for (const [name, member] of schema.structIterator()) if (member.getMergedTraits().httpPayload) return [name, member];
  return undefined;
}

/** The members of `value` that belong into a structured body. */
export function bodyMembers(
  schema: NormalizedSchema,
  value: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const { httpLabel, httpQuery, httpHeader, httpPrefixHeaders, httpResponseCode, httpPayload } =
      member.getMergedTraits();
    const isBound =
      httpLabel || httpQuery || httpHeader || httpPrefixHeaders !== undefined || httpResponseCode || httpPayload;
    if (!isBound && value[name] !== undefined) body[name] = value[name];
  }
  return body;
}
