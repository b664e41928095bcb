import type { Scenario } from '../scenario.ts';
import { brokerLoss } from './broker-loss/scenario.ts';
import { diskFill } from './disk-fill/scenario.ts';
import { healthy } from './healthy/scenario.ts';

/** In the order in which they run: a world that is well is shown first, then broken. */
export const scenarios: readonly Scenario[] = [healthy, brokerLoss, diskFill];
