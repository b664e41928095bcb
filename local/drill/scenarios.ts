import type { Scenario } from './scenario.ts';
import { brokerLoss } from './scenarios/broker-loss.ts';
import { diskFill } from './scenarios/disk-fill.ts';
import { healthy } from './scenarios/healthy.ts';

/** In the order in which they run: a world that is well is shown first, then broken. */
export const scenarios: readonly Scenario[] = [healthy, brokerLoss, diskFill];
