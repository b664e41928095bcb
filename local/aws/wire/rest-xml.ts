import { XmlCodec } from '@aws-sdk/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import type { AwsError, Service } from '../service.ts';
import { bodyMembers, createRoutes, payloadMember, type Route, readBindings, writeBindings } from './http-binding.ts';
import type { Codec, WireRequest, WireResponse } from './message.ts';
import { operationSchemas } from './schema.ts';
import { escapeXml } from './xml.ts';

const ISO_8601 = 5;

/**
 * REST-XML as S3 speaks it, with the bucket as the path's first segment: the SDK does so for an address that is an IP.
 * Source: Smithy specification, "AWS restXml protocol", and S3's path-style requests.
 */
export function createRestXml(service: Service): Codec {
  const routes = createRoutes(operationSchemas(service.clientModule).values());
  const codec = new XmlCodec({
    timestampFormat: { useTrait: true, default: ISO_8601 },
    xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/',
    serviceNamespace: 'com.amazonaws.s3',
  });
  const routeOf = (operation: string): Route => {
    const route = routes.find((candidate) => candidate.operation.name === operation);
    if (!route) throw new Error(`${service.signingName} has no operation ${operation}`);
    return route;
  };
  /** An object's bytes, a policy's text, or a document of S3's own. */
  const payloadOf = (input: NormalizedSchema, body: Uint8Array): Readonly<Record<string, unknown>> => {
    const [name, schema] = payloadMember(input) ?? [];
    if (name === undefined || schema === undefined) return {};
    if (schema.isBlobSchema()) return { [name]: body };
    if (body.length === 0) return {};
    if (schema.isStringSchema()) return { [name]: Buffer.from(body).toString('utf8') };
    return { [name]: codec.createDeserializer().read(schema, body) };
  };
  return {
    operationOf(request) {
      const inBucket = withoutBucket(request);
      const fitting = routes.filter((route) => route.match(inBucket.request) !== undefined);
      // Of those that only the SDK's mark tells apart (a whole object, a part of an upload) the one that there is.
      return (fitting.find(({ operation: { name } }) => Object.hasOwn(service.operations, name)) ?? fitting[0])
        ?.operation.name;
    },
    decode(operation, request) {
      const route = routeOf(operation);
      const { input } = route.operation;
      const inBucket = withoutBucket(request);
      const bound = readBindings(input, inBucket.request, route.match(inBucket.request) ?? {});
      return { ...bound, ...payloadOf(input, request.body), Bucket: inBucket.bucket };
    },
    encode(operation, output, requestId): WireResponse {
      const route = routeOf(operation);
      const schema = route.operation.output;
      const value = { ...(output ?? {}) } as Record<string, unknown>; // handlers return the command's output shape
      const bound = writeBindings(schema, value);
      const headers = { 'x-amz-request-id': requestId, ...bound.headers };
      // S3 says by this header alone that it gives a part.
      const status = value.ContentRange === undefined ? (bound.status ?? route.status) : 206;
      const content = payloadMember(schema);
      if (content) {
        const body = value[content[0]];
        return { status, headers, body: body instanceof Uint8Array ? body : '' };
      }
      const members = schema.isUnitSchema() ? {} : bodyMembers(schema, value);
      if (Object.keys(members).length === 0) return { status, headers, body: '' };
      const serializer = codec.createSerializer();
      serializer.write(schema, members);
      return { status, headers: { ...headers, 'content-type': 'application/xml' }, body: String(serializer.flush()) };
    },
    encodeError(error: AwsError, requestId): WireResponse {
      const fields = Object.entries(error.fields).map(
        ([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`,
      );
      const details = `<Code>${error.code}</Code><Message>${escapeXml(error.message)}</Message>${fields.join('')}`;
      return {
        status: error.status,
        headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId },
        body: `<?xml version="1.0" encoding="UTF-8"?><Error>${details}<RequestId>${requestId}</RequestId></Error>`,
      };
    },
  };
}

function withoutBucket(request: WireRequest): { readonly bucket: string; readonly request: WireRequest } {
  const [, bucket = '', ...key] = request.path.split('/');
  return { bucket: decodeURIComponent(bucket), request: { ...request, path: `/${key.join('/')}` } };
}
