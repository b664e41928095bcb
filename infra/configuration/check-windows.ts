import { brokerIdsFromOne } from '../../shared/core/broker-ids.ts';
import { findWindowProblem, type MaintenanceWindow } from '../../shared/core/maintenance-window.ts';
import type { SalvagedCluster } from './check-clusters.ts';
import { findDuplicates } from './duplicates.ts';
import type { Mistake } from './mistake.ts';

/** What a one-off names must be there: a mistyped id would hold nothing of the broker that is meant. */
const checkBrokers = (
  window: MaintenanceWindow,
  index: number,
  clusters: Readonly<Record<string, SalvagedCluster>>,
): Mistake[] => {
  if (window.every !== 'once') return [];
  const { brokers = [] } = window;
  const all = Object.values(clusters);
  // Of a cluster whose count is wrong nobody knows which brokers it has.
  if (all.some((one) => one.brokerKind !== 'serverless' && one.brokerCount === undefined)) return [];
  const there = new Set(
    all.flatMap(({ brokerCount = 0, brokerIds = brokerIdsFromOne(brokerCount) }) => [...brokerIds]),
  );
  return brokers.flatMap((id, at): Mistake[] => {
    const path = ['maintenanceWindows', index, 'brokers', at];
    if (brokers.indexOf(id) < at) return [{ path, message: 'stands in this list already' }];
    return there.has(id) ? [] : [{ path, message: `is the id of no broker: there are ${[...there].join(', ')}` }];
  });
};

/** Every window can open and can close, and names what is there; one that is wrong says nothing of the others. */
export const checkWindows = (
  windows: readonly (MaintenanceWindow | undefined)[],
  clusters: Readonly<Record<string, SalvagedCluster>>,
): Mistake[] => [
  ...windows.flatMap((window, index): Mistake[] => {
    if (window === undefined) return [];
    const problem = findWindowProblem(window);
    return [
      ...(problem === undefined ? [] : [{ path: ['maintenanceWindows', index], message: problem }]),
      ...checkBrokers(window, index, clusters),
    ];
  }),
  ...findDuplicates(['maintenanceWindows'], 'name', windows),
];
