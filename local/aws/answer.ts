import { performance } from 'node:perf_hooks';
import { answerFault } from './fault-answer.ts';
import { decodeBody } from './request-body.ts';
import {
  AwsError,
  type Call,
  type Caller,
  ConnectionLost,
  type OperationHandler,
  type Permission,
  type Service,
} from './service.ts';
import { readSignature, type Signature, signingTimeOf, verifySignature } from './signature.ts';
import { createCodec } from './wire/codec.ts';
import { inServiceTerms } from './wire/denial.ts';
import type { Codec, WireRequest, WireResponse } from './wire/message.ts';
import type { AwsWorld } from './world.ts';

/** An answer, or none at all: a call that hangs, or whose connection breaks. */
export type Answer = WireResponse | 'hang' | 'hang-up';

/** How far a call came; recorded whatever became of it. */
type Progress = {
  operation: string;
  caller: Caller | undefined;
  permissions: readonly Permission[];
  outcome: string;
};

/** One API call from request to answer: signature, fault, permission, the service's own work; recorded in any case. */
export function answerCall(world: AwsWorld): (request: WireRequest, requestId: string) => Promise<Answer> {
  const codecs = new Map<Service, Codec>();
  const codecOf = (service: Service): Codec => {
    const codec = codecs.get(service) ?? createCodec(service);
    codecs.set(service, codec);
    return codec;
  };

  const serve = async (
    { service, codec, signed, requestId }: { service: Service; codec: Codec; signed: Signature; requestId: string },
    raw: WireRequest,
    progress: Progress,
  ): Promise<Answer> => {
    const { body, trailers } = decodeBody(raw.body, raw.headers, service.signingName);
    const request = { ...raw, headers: { ...trailers, ...raw.headers }, body };
    const operation = codec.operationOf(request);
    progress.operation = operation ?? 'unknown';
    // The signature covers the body as it was sent.
    const { caller } = verifySignature(raw, signed, world.identities);
    progress.caller = caller;
    if (operation === undefined) throw new AwsError('UnknownOperationException', 404, 'No such operation.');
    const taken = caller.isAdmin ? undefined : world.faults.take(service.signingName, operation, caller.roleName);
    if (taken !== undefined && taken.fault !== 'lost-answer') {
      progress.outcome = `fault:${taken.fault}`;
      return answerFault({ ...taken, fault: taken.fault }, `${service.signingName}:${operation}`, caller.principalArn);
    }
    const handler = implementation(service, operation);
    const signedAtMs = signingTimeOf(raw);
    const call: Call = { caller, region: signed.region, accountId: world.accountId, requestId, signedAtMs };
    // The schemas gave the input the shape that the handler of this very operation expects.
    const input = codec.decode(operation, request) as never;
    progress.permissions = handler.authorize(input, call);
    for (const permission of progress.permissions) world.authorizeCaller(caller, permission);
    const answer = codec.encode(operation, await handler.run(input, call), requestId);
    if (taken?.fault === 'lost-answer') throw new ConnectionLost();
    progress.outcome = 'ok';
    return answer;
  };

  return async (request, requestId) => {
    const signed = readSignatureOrRefuse(request);
    if (signed instanceof AwsError) return plainRefusal(signed, requestId);
    const service = world.services.get(signed.service);
    if (!service) {
      const known = [...world.services.keys()].join(', ');
      const message = `The local world serves no ${signed.service}; it serves ${known}.`;
      return plainRefusal(new AwsError('NotImplemented', 501, message), requestId);
    }
    const codec = codecOf(service);
    const startedMs = performance.now();
    const progress: Progress = { operation: 'unknown', caller: undefined, permissions: [], outcome: 'broken' };
    try {
      return await serve({ service, codec, signed, requestId }, request, progress);
    } catch (error) {
      if (error instanceof ConnectionLost) {
        progress.outcome = 'lost';
        return 'hang-up';
      }
      if (!(error instanceof AwsError)) throw error;
      if (progress.outcome === 'broken') progress.outcome = error.code;
      return codec.encodeError(inServiceTerms(error, service), requestId);
    } finally {
      world.calls.record({
        atMs: world.clock.nowMs(),
        service: service.signingName,
        operation: progress.operation,
        principalArn: progress.caller?.principalArn ?? 'unknown',
        roleName: progress.caller?.roleName,
        permissions: progress.permissions,
        durationMs: performance.now() - startedMs,
        outcome: progress.outcome,
        requestId,
      });
    }
  };
}

function implementation(service: Service, operation: string): OperationHandler {
  const handler = service.operations[operation];
  if (handler) return handler;
  throw new AwsError('NotImplemented', 501, `The local world does not serve ${service.signingName}:${operation}.`);
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
