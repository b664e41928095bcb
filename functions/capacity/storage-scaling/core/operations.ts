import type { MskOperation } from '../../../../shared/core/msk-model.ts';

const endedStates: readonly string[] = ['UPDATE_COMPLETE', 'UPDATE_FAILED'];

/** Types and states are free strings: a state that is new to us has not ended unless MSK gives the time of its end. */
export const isUnderWay = ({ state, endedAtMs }: MskOperation): boolean =>
  endedAtMs === undefined && (state === undefined || !endedStates.includes(state));

/** Whether an operation changes volumes: manual, by auto scaling, or of storage's mode and throughput. Without a type it may. */
export const isOfStorage = ({ type }: MskOperation): boolean => type === undefined || /STORAGE|VOLUME/i.test(type);

/** An operation for people, by what MSK tells of it. */
export const nameOperation = ({ type, arn }: MskOperation): string =>
  `${type ?? 'an operation of no type'} (${arn ?? 'without an ARN'})`;
