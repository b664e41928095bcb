import type { Limit, Policy } from '../../shared/core/policy.ts';
import { checkLadders } from './check-ladders.ts';
import type { Mistake } from './mistake.ts';

const levels = ['notice', 'warning', 'critical', 'emergency'] as const;

/** A worse level must not be easier to reach than a milder one; equal is allowed where only the time differs. */
const checkOrder = (path: Mistake['path'], limit: Limit, isFloor: boolean): Mistake[] => {
  const set = levels.flatMap((level) => {
    const threshold = limit[level];
    return threshold === undefined ? [] : [{ level, threshold, forMinutes: limit[`${level}ForMinutes`] ?? 0 }];
  });
  return set.flatMap((worse, index): Mistake[] => {
    const milder = set[index - 1];
    if (milder === undefined) return [];
    const gap = isFloor ? milder.threshold - worse.threshold : worse.threshold - milder.threshold;
    const at = [...path, worse.level];
    if (gap < 0)
      return [
        { path: at, message: `must be ${isFloor ? 'at most' : 'at least'} the ${milder.level} of ${milder.threshold}` },
      ];
    if (gap === 0 && worse.forMinutes <= milder.forMinutes) {
      return [{ path: at, message: `equals ${milder.level} and is reached no later, so ${milder.level} never shows` }];
    }
    return [];
  });
};

const checkLimit = (path: Mistake['path'], limit: Limit, isFloor: boolean): Mistake[] => [
  ...checkOrder(path, limit, isFloor),
  ...levels.flatMap((level): Mistake[] => {
    const isLonely = limit[level] === undefined && limit[`${level}ForMinutes`] !== undefined;
    return isLonely ? [{ path: [...path, `${level}ForMinutes`], message: `has no ${level} to go with` }] : [];
  }),
  ...levels.flatMap((level): Mistake[] => {
    const isPercent = String(path.at(-1)).endsWith('Percent') && path.at(-1) !== 'throughputGrowthPercent';
    return isPercent && (limit[level] ?? 0) > 100 ? [{ path: [...path, level], message: 'must be at most 100' }] : [];
  }),
  ...(levels.every((level) => limit[level] === undefined) ? [{ path, message: 'has no level: name one, or off' }] : []),
];

/** Judges a policy after its preset was merged in, since an override may contradict what it did not replace. */
export const checkPolicy = (policy: Policy): Mistake[] => {
  const groups = [
    { name: 'limits', limits: policy.limits, isFloor: false },
    { name: 'floors', limits: policy.floors, isFloor: true },
    { name: 'scaling', limits: policy.scaling, isFloor: false },
  ];
  const { emergency, critical, warning, notice } = policy.responseMinutes;
  const isClimbing = emergency <= critical && critical <= warning && warning <= notice;
  return [
    ...groups.flatMap(({ name, limits, isFloor }) =>
      Object.entries(limits).flatMap(([quantity, limit]) => checkLimit(['policy', name, quantity], limit, isFloor)),
    ),
    ...(isClimbing
      ? []
      : [{ path: ['policy', 'responseMinutes'], message: 'must not grow shorter for what is milder' }]),
    ...checkLadders(policy),
  ];
};
