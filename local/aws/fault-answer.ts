import type { Fault, TakenFault } from './faults.ts';
import { AwsError } from './service.ts';
import type { WireResponse } from './wire/message.ts';

const GARBAGE: WireResponse = {
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: '<<< \u0000 not what was asked for {',
};

/**
 * What a call gets that a fault hits.
 * @throws AwsError under its common name; each service has its own for it.
 */
export function answerFault(
  { fault, message }: TakenFault & { readonly fault: Fault },
  operation: string,
  principalArn: string,
): WireResponse | 'hang' {
  switch (fault) {
    case 'hang':
      return 'hang';
    case 'garbage':
      return GARBAGE;
    case 'deny': {
      const reason = 'with an explicit deny in a service control policy';
      const usual = `User: ${principalArn} is not authorized to perform: ${operation} ${reason}`;
      throw new AwsError('AccessDeniedException', 403, message ?? usual);
    }
    case 'throttle':
      throw new AwsError('ThrottlingException', 429, message ?? 'Rate exceeded');
    case 'server-error':
      throw new AwsError('InternalFailure', 500, message ?? 'An internal error occurred.');
    default:
      return fault satisfies never;
  }
}
