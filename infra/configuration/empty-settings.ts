import type { Configuration } from '../../shared/core/configuration.ts';
import type { Limit } from '../../shared/core/policy.ts';
import type { Mistake } from './mistake.ts';

type Settings = Pick<Configuration, 'maintenanceWindows' | 'modes' | 'actionBudget' | 'policy' | 'clusters'>;

/** A one-off that is over may stay in the file, as a record; a year mistyped looks the same. */
const findPastWindows = ({ maintenanceWindows }: Settings, nowMs: number): Mistake[] =>
  maintenanceWindows.flatMap((window, index) =>
    window.every === 'once' && Date.parse(window.to) <= nowMs
      ? [{ path: ['maintenanceWindows', index], message: `is over since ${window.to}, and opens never again` }]
      : [],
  );

const findIdleActs = ({ modes, actionBudget }: Settings): Mistake[] => {
  const acting = Object.keys(modes).filter((procedure) => modes[procedure] === 'act');
  return actionBudget.actsPerHour > 0 || acting.length === 0
    ? []
    : [{ path: ['actionBudget', 'actsPerHour'], message: `lets nothing act, and ${acting.join(', ')} should` }];
};

const levels = ['notice', 'warning', 'critical', 'emergency'] as const;

/** Reached is what lies beyond: of a share nothing lies above 100 %, and of a quantity that is never negative nothing below 0. */
const findUnreachable = ({ policy: { limits, scaling, floors } }: Settings): Mistake[] => {
  const unreachable = (group: string, byQuantity: Readonly<Record<string, Limit>>, end: number, message: string) =>
    Object.entries(byQuantity).flatMap(([quantity, limit]) =>
      levels.flatMap((level): Mistake[] =>
        limit[level] === end ? [{ path: ['policy', group, quantity, level], message }] : [],
      ),
    );
  const { throughputGrowthPercent: _growth, ...others } = limits;
  const sharesOf = (byQuantity: Readonly<Record<string, Limit>>) =>
    Object.fromEntries(Object.entries(byQuantity).filter(([quantity]) => quantity.endsWith('Percent')));
  const aboveWhole = 'is never reached, since nothing is above 100 %: say off instead';
  return [
    ...unreachable('limits', sharesOf(others), 100, aboveWhole),
    ...unreachable('scaling', sharesOf(scaling), 100, aboveWhole),
    ...unreachable('floors', floors, 0, 'is never reached, since nothing is below 0: say off instead'),
  ];
};

/** More brokers than there are never fall silent. Serverless has none that mskeeper could ask. */
const findMoreThanAll = ({ policy, clusters }: Settings): Mistake[] => {
  const limit = policy.limits.brokersUnreachable ?? {};
  return Object.entries(clusters).flatMap(([key, { brokerCount }]) =>
    levels.flatMap((level): Mistake[] =>
      brokerCount > 0 && (limit[level] ?? 0) >= brokerCount
        ? [
            {
              path: ['policy', 'limits', 'brokersUnreachable', level],
              message: `is never reached in cluster "${key}": it has ${brokerCount} brokers`,
            },
          ]
        : [],
    ),
  );
};

/** Settings that are sound and do nothing: told, since whoever wrote them may rely on them. */
export const findEmptySettings = (settings: Settings, nowMs: number): Mistake[] => [
  ...findIdleActs(settings),
  ...findPastWindows(settings, nowMs),
  ...findUnreachable(settings),
  ...findMoreThanAll(settings),
];
