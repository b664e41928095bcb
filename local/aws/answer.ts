import { performance } from 'node:perf_hooks';
import type { Fault } from './faults.ts';
import type { KnownKey } from './iam/identities.ts';
import { decodeBody } from './request-body.ts';
import { AwsError, type Call, type OperationHandler, type Service } from './service.ts';
import { readSignature, type Signature, verifySignature } from './signature.ts';
import { createCodec } from './wire/codec.ts';
import { inServiceTerms } from './wire/denial.ts';
import type { Codec, WireRequest, WireResponse } from './wire/message.ts';
import type { AwsWorld } from './world.ts';

/** One API call from request to answer: signature, fault, permission, the service's own work; recorded in any case. */
export function answerCall(world: AwsWorld) {
  const codecs = new Map<Service, Codec>();
  const codecOf = (service: Service): Codec => {
    const codec = codecs.get(service) ?? createCodec(service);
    codecs.set(service, codec);
    return codec;
  };

  return async (request: WireRequest, requestId: string): Promise<WireResponse | 'hang'> => {
    const signed = readSignatureOrRefuse(request);
    if (signed instanceof AwsError) return plainRefusal(signed, requestId);
    const service = world.services.get(signed.service);
    if (!service) {
      const known = [...world.services.keys()].join(', ');
      const message = `The local world serves no ${signed.service}; it serves ${known}.`;
      return plainRefusal(new AwsError('NotImplemented', 501, message), requestId);
    }
    const codec = codecOf(service);
    const bodyOf = () => decodeBody(request.body, request.headers, service.signingName);
    const operation = codec.operationOf({ ...request, body: bodyOf() });
    const startedMs = performance.now();
    const step = { key: undefined as KnownKey | undefined, fault: undefined as Fault | undefined };
    const record = (outcome: string): void =>
      world.calls.record({
        atMs: world.clock.nowMs(),
        service: service.signingName,
        operation: operation ?? 'unknown',
        principalArn: step.key?.caller.principalArn ?? 'unknown',
        roleName: step.key?.caller.roleName,
        durationMs: performance.now() - startedMs,
        outcome: step.fault ? `fault:${step.fault}` : outcome,
        requestId,
      });
    try {
      step.key = verifySignature(request, signed, world.identities);
      if (operation === undefined) throw new AwsError('UnknownOperationException', 404, 'No such operation.');
      const { caller } = step.key;
      step.fault = caller.isAdmin ? undefined : world.faults.take(service.signingName, operation, caller.roleName);
      if (step.fault === 'hang') return record('hang') ?? 'hang';
      if (step.fault === 'garbage') return record('garbage') ?? GARBAGE;
      if (step.fault) throw faultError(step.fault, `${service.signingName}:${operation}`, caller.principalArn);
      const handler = implementation(service, operation);
      const call: Call = { caller, region: signed.region, accountId: world.accountId, requestId };
      // The schemas gave the input the shape that the handler of this very operation expects.
      const input = codec.decode(operation, { ...request, body: bodyOf() }) as never;
      for (const permission of handler.authorize(input, call)) world.authorizeCaller(caller, permission);
      const answer = codec.encode(operation, await handler.run(input, call), requestId);
      record('ok');
      return answer;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      record(error.code);
      return codec.encodeError(inServiceTerms(error, service), requestId);
    }
  };
}

const GARBAGE: WireResponse = {
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: '<<< \u0000 not what was asked for {',
};

function implementation(service: Service, operation: string): OperationHandler {
  const handler = service.operations[operation];
  if (handler) return handler;
  throw new AwsError('NotImplemented', 501, `The local world does not serve ${service.signingName}:${operation}.`);
}

function faultError(fault: 'deny' | 'throttle' | 'server-error', operation: string, principalArn: string): AwsError {
  switch (fault) {
    case 'deny':
      return new AwsError(
        'AccessDeniedException',
        403,
        `User: ${principalArn} is not authorized to perform: ${operation} with an explicit deny in a service control policy`,
      );
    case 'throttle':
      return new AwsError('ThrottlingException', 429, 'Rate exceeded');
    case 'server-error':
      return new AwsError('InternalFailure', 500, 'An internal error occurred.');
    default:
      return fault satisfies never;
  }
}

function readSignatureOrRefuse(request: WireRequest): Signature | AwsError {
  try {
    return readSignature(request);
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

/** Before the service is known there is no protocol to answer in. */
function plainRefusal(error: AwsError, requestId: string): WireResponse {
  return {
    status: error.status,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId, 'x-amzn-errortype': error.code },
    body: JSON.stringify({ __type: error.code, message: error.message }),
  };
}
