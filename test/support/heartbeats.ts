import { join } from 'node:path';
import * as z from 'zod';
import { planFunctions, type Registry } from '../../infra/functions.ts';
import { placeOfScope, scheduledRunCompleted } from '../../shared/events/wake.ts';

type Heartbeat = readonly [scope: string, heartbeat: { readonly metric: string; readonly least: number }];

/** What the alarms on silence wait for, of every schedule whose runs tell it themselves. */
export const heartbeatsOf = (registry: Registry): readonly Heartbeat[] =>
  planFunctions(registry).flatMap(({ schedules }) =>
    schedules.flatMap(({ scope, heartbeat }): readonly Heartbeat[] =>
      heartbeat === undefined ? [] : [[scope, heartbeat]],
    ),
  );

const scopesModule = z.object({ scopes: z.tuple([z.string()], z.string()) });

/** What a procedure's runs leave, by the scopes that its core names in their order. @param folder where the procedure is */
export const heartbeatsSaidBy = async (folder: string): Promise<readonly Heartbeat[]> => {
  const { scopes } = scopesModule.parse(await import(join(folder, 'core/scopes.ts')));
  return scopes.map((scope) => [scope, { metric: scheduledRunCompleted, least: placeOfScope(scopes, scope) }]);
};
