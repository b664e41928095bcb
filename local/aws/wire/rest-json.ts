import type { AwsError, Service } from '../service.ts';
import { bodyMembers, createRoutes, payloadMember, readBindings, writeBindings } from './http-binding.ts';
import { createJson } from './json.ts';
import type { Codec, WireResponse } from './message.ts';
import { operationSchemas } from './schema.ts';

/**
 * REST-JSON: the operation is a method and a path, members travel in path, query, headers and a JSON or raw body.
 * Source: Smithy specification, "AWS restJson1 protocol".
 */
export function createRestJson(service: Service): Codec {
  const routes = createRoutes(operationSchemas(service.clientModule).values());
  const json = createJson({ jsonName: true });
  const routeOf = (operation: string) => {
    const route = routes.find((candidate) => candidate.operation.name === operation);
    if (!route) throw new Error(`${service.signingName} has no operation ${operation}`);
    return route;
  };
  return {
    operationOf: (request) => routes.find((route) => route.match(request) !== undefined)?.operation.name,
    decode(operation, request) {
      const route = routeOf(operation);
      const { input } = route.operation;
      if (input.isUnitSchema()) return {};
      const bound = readBindings(input, request, route.match(request) ?? {});
      const payload = payloadMember(input);
      if (!payload) return { ...json.read(input, request.body), ...bound };
      const [name, member] = payload;
      return { ...bound, [name]: member.isBlobSchema() ? request.body : json.read(member, request.body) };
    },
    encode(operation, output, requestId): WireResponse {
      const route = routeOf(operation);
      const schema = route.operation.output;
      const value = { ...(output ?? {}) } as Record<string, unknown>; // handlers return the command's output shape
      const bound = writeBindings(schema, value);
      const headers = { 'content-type': 'application/json', 'x-amzn-requestid': requestId, ...bound.headers };
      const status = bound.status ?? route.status;
      const payload = payloadMember(schema);
      if (!payload) return { status, headers, body: json.write(schema, bodyMembers(schema, value)) };
      const [name, member] = payload;
      const content = value[name];
      if (content === undefined) return { status, headers, body: '' };
      return { status, headers, body: content instanceof Uint8Array ? content : json.write(member, content) };
    },
    encodeError(error: AwsError, requestId): WireResponse {
      return {
        status: error.status,
        headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId, 'x-amzn-errortype': error.code },
        body: JSON.stringify(json.writeError(service.clientModule, error)),
      };
    },
  };
}
