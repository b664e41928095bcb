import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { BusEvent } from '../core/bus-event.ts';
import type { CallScope } from '../run/call-scope.ts';
import { publishEvents } from './events-bus.ts';

/**
 * mskeeper's own bus, for events about one cluster: its ARN is the resource of each.
 *
 * @returns publishes; it throws DependencyError naming each event that was not accepted
 */
export const openBus =
  (client: EventBridgeClient, calls: CallScope, busName: string, { arn }: { readonly arn: string }) =>
  (events: readonly BusEvent[]): Promise<void> =>
    publishEvents(
      client,
      calls,
      busName,
      events.map((event) => ({ ...event, resources: [arn] })),
    );
