import type { Service } from '../service.ts';
import { createAwsJson } from './aws-json.ts';
import type { Codec } from './message.ts';
import { createQuery } from './query.ts';
import { createRestJson } from './rest-json.ts';
import { createRestXml } from './rest-xml.ts';

/** The codec of a service's protocol, driven by its client's schemas. */
export function createCodec(service: Service): Codec {
  switch (service.protocol) {
    case 'rest-json':
      return createRestJson(service);
    case 'aws-json-1.0':
    case 'aws-json-1.1':
      return createAwsJson(service);
    case 'query':
      return createQuery(service);
    case 'rest-xml':
      return createRestXml(service);
    default:
      return service.protocol satisfies never;
  }
}
