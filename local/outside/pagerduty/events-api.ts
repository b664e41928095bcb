import { limitFrequency } from '../frequency.ts';
import { jsonAnswer, jsonOf, type OutsideAnswer, type OutsideHost, type OutsideRequest } from '../host.ts';
import { type ChangeEvent, type PagerDutyEvent, readChange, readEvent } from './event.ts';
import type { IncidentBook } from './incident-book.ts';
import type { PagerDutyService } from './service.ts';

/** Source: PagerDuty's developer documentation, "Events API v2": about 120 calls in any 60 s for each key. */
const frequencyLimit = { most: 120, withinMs: 60_000 };

type EventsApi = {
  readonly book: IncidentBook;
  readonly serviceOf: (routingKey: string) => PagerDutyService | undefined;
};

type ReadAs<Event> = (body: Uint8Array) => { readonly event: Event } | { readonly errors: readonly string[] };

/** `events.pagerduty.com` of one region. It wants no header: the key in the body is the credential. */
export function createEventsHost({ book, serviceOf }: EventsApi): OutsideHost {
  const askLimit = limitFrequency(frequencyLimit);

  const serve = <Event extends { readonly routing_key: string }>(
    { body, atMs }: OutsideRequest,
    readAs: ReadAs<Event>,
    take: (service: PagerDutyService, event: Event) => object,
  ): OutsideAnswer => {
    const key = routingKeyIn(body);
    const { isOver, waitSeconds } = askLimit(key ?? '', atMs);
    if (isOver && key !== undefined) return tooMany(waitSeconds);
    const read = readAs(body);
    if ('errors' in read) return invalid(read.errors);
    const service = serviceOf(read.event.routing_key);
    if (service === undefined) return invalid(["'routing_key' is not one of any service"]);
    return jsonAnswer(202, take(service, read.event));
  };

  return {
    answer(request) {
      switch (`${request.method} ${request.path}`) {
        case 'POST /v2/enqueue':
          return serve<PagerDutyEvent>(request, readEvent, (service, event) => ({
            status: 'success',
            message: 'Event processed',
            dedup_key: book.take(service, event),
          }));
        case 'POST /v2/change/enqueue':
          return serve<ChangeEvent>(request, readChange, (service, event) => {
            book.takeChange(service, event);
            return { status: 'success', message: 'Change event processed' };
          });
        default:
          return jsonAnswer(404, { status: 'not found', message: 'Not found' }, { outcome: 'not found' });
      }
    },
    refuse(refusal, afterSeconds) {
      switch (refusal) {
        case 'deny':
          return jsonAnswer(403, { status: 'forbidden', message: 'Forbidden' });
        case 'throttle':
          return tooMany(afterSeconds);
        case 'server-error':
          return jsonAnswer(500, { status: 'internal error', message: 'Internal server error' });
        default:
          return refusal satisfies never;
      }
    },
  };
}

const invalid = (errors: readonly string[]): OutsideAnswer =>
  jsonAnswer(
    400,
    { status: 'invalid event', message: 'Event object is invalid', errors },
    { outcome: 'invalid event' },
  );

const tooMany = (waitSeconds: number): OutsideAnswer =>
  jsonAnswer(
    429,
    { status: 'throttle exceeded', message: 'Requests for this routing key are being throttled' },
    { headers: { 'retry-after': String(waitSeconds) }, outcome: 'throttle exceeded' },
  );

/** Whom a call counts for, also one that is not in order. */
function routingKeyIn(body: Uint8Array): string | undefined {
  const sent = jsonOf(body);
  const key: unknown = typeof sent === 'object' && sent !== null ? Reflect.get(sent, 'routing_key') : undefined;
  return typeof key === 'string' ? key : undefined;
}
