import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { BusEvent } from '../core/bus-event.ts';
import type { CallScope } from '../run/call-scope.ts';
import { offerEvents, publishEvents, type RefusedEvent } from './events-bus.ts';

type Cluster = { readonly arn: string };

/**
 * mskeeper's own bus, for events about one cluster: its ARN is the resource of each.
 *
 * @returns publishes; it throws DependencyError naming each event that was not accepted
 */
export const openBus =
  (client: EventBridgeClient, calls: CallScope, busName: string, { arn }: Cluster) =>
  (events: readonly BusEvent[]): Promise<void> =>
    publishEvents(client, calls, busName, aboutCluster(events, arn));

/** The same bus for who repeats what it did not take. @returns offers, and says which events were not accepted */
export const openOffering =
  (client: EventBridgeClient, calls: CallScope, busName: string, { arn }: Cluster) =>
  (events: readonly BusEvent[]): Promise<readonly RefusedEvent[]> =>
    offerEvents(client, calls, busName, aboutCluster(events, arn));

const aboutCluster = (events: readonly BusEvent[], arn: string): readonly BusEvent[] =>
  events.map((event) => ({ ...event, resources: [arn] }));
