import { join } from 'node:path';
import * as z from 'zod';
import { functionDefinitions, planFunctions, type Registry } from '../../infra/functions.ts';
import { placeOfScope, scheduledRunCompleted } from '../../shared/events/wake.ts';

type Heartbeat = readonly [scope: string, heartbeat: { readonly metric: string; readonly least: number }];

/** What the alarms on silence wait for, of every schedule whose runs tell it themselves. */
export const heartbeatsOf = (registry: Registry): readonly Heartbeat[] =>
  planFunctions(registry).flatMap(({ schedules }) =>
    schedules.flatMap(({ scope, heartbeat }): readonly Heartbeat[] =>
      heartbeat === undefined ? [] : [[scope, heartbeat]],
    ),
  );

/** One value of CloudWatch's by which an alarm on silence hears that a schedule's runs end well. */
export type HeartbeatMetric = {
  readonly id: {
    readonly namespace: string;
    readonly name: string;
    readonly dimensions: Readonly<Record<string, string>>;
  };
  readonly value: number;
};

/** What keeps every heartbeat alarm of the product quiet that waits for a run's own word. */
export const heartbeatMetricsOf = (clusterKey: string): readonly HeartbeatMetric[] =>
  functionDefinitions.flatMap(({ slug, schedules }) =>
    schedules
      .flatMap(({ heartbeat }) => heartbeat ?? [])
      .map(({ metric, least }) => ({
        id: { namespace: 'mskeeper', name: metric, dimensions: { Cluster: clusterKey, Procedure: slug } },
        value: least,
      })),
  );

const scopesModule = z.object({ scopes: z.tuple([z.string()], z.string()) });

/** What a procedure's runs leave, by the scopes that its core names in their order. @param folder where the procedure is */
export const heartbeatsSaidBy = async (folder: string): Promise<readonly Heartbeat[]> => {
  const { scopes } = scopesModule.parse(await import(join(folder, 'core/scopes.ts')));
  return scopes.map((scope) => [scope, { metric: scheduledRunCompleted, least: placeOfScope(scopes, scope) }]);
};
