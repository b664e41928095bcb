import type { ActDoor } from './act-door.ts';
import type { ActDecision, ActRequest } from './act-request.ts';

export type { ActDoor } from './act-door.ts';
export type { ActDecision, ActRequest, Effect, Intended, StopReason } from './act-request.ts';

/** The one way through which every act goes; `applyAct` is of this type. */
export type ApplyAct = <State, Outcome>(
  request: ActRequest<State, Outcome>,
  door: ActDoor,
) => Promise<ActDecision<Outcome>>;
