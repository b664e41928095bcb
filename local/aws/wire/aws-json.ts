import type { AwsError, Service } from '../service.ts';
import { createJson } from './json.ts';
import type { Codec, WireResponse } from './message.ts';
import { errorSchema, operationSchemas } from './schema.ts';

/**
 * AWS JSON 1.0 and 1.1: one path, the operation stands in `x-amz-target`.
 * Source: Smithy specification, "AWS JSON 1.0 protocol".
 */
export function createAwsJson(service: Service): Codec {
  const version = service.protocol === 'aws-json-1.0' ? '1.0' : '1.1';
  const contentType = `application/x-amz-json-${version}`;
  const schemas = operationSchemas(service.clientModule);
  const json = createJson({ jsonName: false });
  const schemaOf = (operation: string) => {
    const schema = schemas.get(operation);
    if (!schema) throw new Error(`${service.signingName} has no operation ${operation}`);
    return schema;
  };
  return {
    operationOf(request) {
      const operation = request.headers['x-amz-target']?.split('.')[1];
      return operation !== undefined && schemas.has(operation) ? operation : undefined;
    },
    decode: (operation, request) => json.read(schemaOf(operation).input, request.body),
    encode(operation, output, requestId): WireResponse {
      const { output: schema } = schemaOf(operation);
      const body = schema.isUnitSchema() ? '{}' : json.write(schema, output ?? {});
      return { status: 200, headers: { 'content-type': contentType, 'x-amzn-requestid': requestId }, body };
    },
    encodeError(error: AwsError, requestId): WireResponse {
      const queryCode = errorSchema(service.clientModule, error.code)?.queryCode;
      const fault = error.status < 500 ? 'Sender' : 'Receiver';
      return {
        status: error.status,
        headers: {
          'content-type': contentType,
          'x-amzn-requestid': requestId,
          // Services that used to speak the query protocol (SQS, CloudWatch) repeat their old code for old clients.
          ...(queryCode !== undefined && { 'x-amzn-query-error': `${queryCode};${fault}` }),
        },
        body: JSON.stringify({ __type: error.code, ...json.writeError(service.clientModule, error) }),
      };
    },
  };
}
