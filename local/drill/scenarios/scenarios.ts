import type { Scenario } from '../scenario.ts';
import { approval } from './approval/scenario.ts';
import { brokerLoss } from './broker-loss/scenario.ts';
import { deadMan } from './dead-man/scenario.ts';
import { diskFill } from './disk-fill/scenario.ts';
import { healthy } from './healthy/scenario.ts';
import { incident } from './incident/scenario.ts';
import { leastPrivilege } from './least-privilege/scenario.ts';
import { staleWitness } from './stale-witness/scenario.ts';

/** In the order in which they run: a world that is well is shown first, then broken. */
export const scenarios: readonly Scenario[] = [
  healthy,
  brokerLoss,
  incident,
  deadMan,
  diskFill,
  approval,
  leastPrivilege,
  staleWitness,
];

/** The drills that there are, and which of them run by themselves. */
export type Drills = {
  readonly all: readonly Scenario[];
  /** What a newcomer sees of all that mskeeper does, in some minutes. What every check draws from, too. */
  readonly tour: readonly Scenario[];
  /** Runs in every check; another one is drawn. */
  readonly always: Scenario;
};

export const drills: Drills = {
  all: scenarios,
  tour: [healthy, brokerLoss, diskFill],
  always: brokerLoss,
};

/** The one that always runs and another one of the tour, the same for the same seed, in the order in which they run. */
export const drawDrills = ({ all, tour, always }: Drills, seed: number): readonly Scenario[] => {
  const others = tour.filter((scenario) => scenario !== always);
  const drawn = others[seed % others.length];
  return all.filter((scenario) => scenario === always || scenario === drawn);
};
