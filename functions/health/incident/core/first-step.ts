import { shellWordOf } from '../../../../shared/core/shell-word.ts';
import { causeRows } from './cause-rows.ts';
import type { Cause } from './causes.ts';

/**
 * What to do by hand first about a fault, where no look said it. Its commands can be pasted.
 *
 * @param clusterArn of the cluster @param clusterKey its key in mskeeper.yml
 */
export function firstStepOf({ kind, of }: Cause, clusterArn: string, clusterKey: string): string {
  const { next, per } = causeRows[kind];
  return next
    .replaceAll('{cluster}', clusterArn)
    .replaceAll('{key}', clusterKey)
    .replaceAll('{of}', shellWordOf(of, per));
}
