import type { Configuration } from '../../shared/core/configuration.ts';
import type { Mistake } from './mistake.ts';

type Settings = Pick<Configuration, 'maintenanceWindows' | 'modes' | 'actionBudget'>;

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

/** Settings that are sound and do nothing: told, since whoever wrote them may rely on them. */
export const findEmptySettings = (settings: Settings, nowMs: number): Mistake[] => [
  ...findIdleActs(settings),
  ...findPastWindows(settings, nowMs),
];
