import { XmlCodec } from '@aws-sdk/core/protocols';
import type { AwsError, Service } from '../service.ts';
import { readForm } from './form.ts';
import type { Codec, WireResponse } from './message.ts';
import { errorSchema, operationSchemas } from './schema.ts';
import { escapeXml, innerXml } from './xml.ts';

const NAMESPACES: Readonly<Record<string, string>> = {
  cloudformation: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
  sns: 'http://sns.amazonaws.com/doc/2010-03-31/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
};
const ISO_8601 = 5;

/**
 * The query protocol: a form in, XML out, `Action=` names the operation.
 * Source: Smithy specification, "AWS query protocol".
 */
export function createQuery(service: Service): Codec {
  const namespace = NAMESPACES[service.signingName];
  if (!namespace) throw new Error(`the XML namespace of ${service.signingName} is not known here`);
  const schemas = operationSchemas(service.clientModule);
  const codec = new XmlCodec({
    timestampFormat: { useTrait: true, default: ISO_8601 },
    xmlNamespace: namespace,
    serviceNamespace: `com.amazonaws.${service.signingName}`,
  });
  const schemaOf = (operation: string) => {
    const schema = schemas.get(operation);
    if (!schema) throw new Error(`${service.signingName} has no operation ${operation}`);
    return schema;
  };
  const xml = (status: number, requestId: string, body: string): WireResponse => ({
    status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: `<?xml version="1.0" encoding="UTF-8"?>${body}`,
  });
  return {
    operationOf(request) {
      const action = new URLSearchParams(text(request.body)).get('Action');
      return action !== null && schemas.has(action) ? action : undefined;
    },
    decode: (operation, request) => readForm(schemaOf(operation).input, text(request.body)),
    encode(operation, output, requestId) {
      const { output: schema } = schemaOf(operation);
      let result = '';
      if (!schema.isUnitSchema()) {
        const serializer = codec.createSerializer();
        serializer.write(schema, output ?? {});
        result = `<${operation}Result>${innerXml(String(serializer.flush()))}</${operation}Result>`;
      }
      const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
      return xml(
        200,
        requestId,
        `<${operation}Response xmlns="${namespace}">${result}${metadata}</${operation}Response>`,
      );
    },
    encodeError(error: AwsError, requestId) {
      const code = errorSchema(service.clientModule, error.code)?.queryCode ?? error.code;
      const type = error.status < 500 ? 'Sender' : 'Receiver';
      const details = `<Type>${type}</Type><Code>${code}</Code><Message>${escapeXml(error.message)}</Message>`;
      const body = `<Error>${details}</Error><RequestId>${requestId}</RequestId>`;
      return xml(error.status, requestId, `<ErrorResponse xmlns="${namespace}">${body}</ErrorResponse>`);
    },
  };
}

function text(body: Uint8Array): string {
  return Buffer.from(body).toString('utf8');
}
