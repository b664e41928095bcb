import { isOfStorage, isUnderWay } from '../../functions/capacity/storage-scaling/core/operations.ts';
import type { MskOperation } from '../../shared/core/msk-model.ts';
import { hourMs } from '../../shared/core/units.ts';
import { type Assumption, notSeen, type Outcome, onKnown, proved, refuted } from './assumption.ts';

/** Types that AWS's pages and examples show; the API says only that it is a text. */
const sightedTypes: readonly string[] = [
  'BROKER_UPDATE',
  'INCREASE_BROKER_COUNT',
  'SECURITY_PATCHING',
  'UPDATE_BROKER_TYPE',
];
/** No page shows the type of a change of storage: formed after those types, and after the call's name. */
const guessedStorageTypes: readonly string[] = ['INCREASE_BROKER_STORAGE', 'UPDATE_BROKER_STORAGE'];
const knownStates: readonly string[] = ['PENDING', 'UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE', 'UPDATE_FAILED'];

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)].toSorted();

const judgeWords = (seen: readonly string[], known: readonly string[], emptiness = 'the history is empty'): Outcome => {
  const words = distinct(seen);
  const strangers = words.filter((word) => !known.includes(word));
  if (words.length === 0) return notSeen(emptiness);
  return strangers.length === 0 ? proved(words.join(', ')) : refuted(`also ${strangers.join(', ')}`);
};

const hours = (durationMs: number): string => `${(durationMs / hourMs).toFixed(1)} h`;

/** From the end of each change of storage to the start of the next one that MSK took. */
const storageGapsMs = (operations: readonly MskOperation[]): readonly number[] => {
  const changes = operations
    .filter(isOfStorage)
    .toSorted((left, right) => (left.startedAtMs ?? 0) - (right.startedAtMs ?? 0));
  return changes.flatMap((change, index) => {
    const next = changes[index + 1];
    return change.endedAtMs === undefined || next?.startedAtMs === undefined
      ? []
      : [next.startedAtMs - change.endedAtMs];
  });
};

/** What is assumed of the history of operations, which is all that tells of MSK's storage lock. */
export const operationAssumptions: readonly Assumption[] = [
  {
    id: 'operation-types',
    claim: `operation types but those of storage are among ${sightedTypes.join(', ')}`,
    source: 'sighting',
    reliesOn: ['functions/capacity/storage-scaling/core/operations.ts'],
    checkedBy: 'kafka:ListClusterOperationsV2',
    judge: ({ operations }) =>
      onKnown(operations, (all) =>
        judgeWords(
          all.filter((one) => !isOfStorage(one)).map(({ type = 'no type' }) => type),
          sightedTypes,
          `the history is empty but for ${all.length} changes of storage`,
        ),
      ),
  },
  {
    id: 'operation-states',
    claim: `operation states are among ${knownStates.join(', ')}`,
    source: 'memory',
    reliesOn: ['functions/capacity/storage-scaling/core/operations.ts', 'shared/core/msk-model.ts'],
    checkedBy: 'kafka:ListClusterOperationsV2',
    judge: ({ operations }) =>
      onKnown(operations, (all) =>
        judgeWords(
          all.map(({ state = 'no state' }) => state),
          knownStates,
        ),
      ),
  },
  {
    id: 'operation-end-time',
    claim: 'an operation that has ended tells when, and one that runs does not',
    source: 'inference',
    reliesOn: ['functions/capacity/storage-scaling/core/operations.ts'],
    checkedBy: 'kafka:ListClusterOperationsV2',
    judge: ({ operations }) =>
      onKnown(operations, (all) => {
        const timeless = all.filter((one) => !isUnderWay(one) && one.endedAtMs === undefined);
        const early = all.filter(
          ({ state = '', endedAtMs }) => /PROGRESS|PENDING/.test(state) && endedAtMs !== undefined,
        );
        if (all.length === 0) return notSeen('the history is empty');
        if (timeless.length > 0) return refuted(`${timeless.length} of ${all.length} have ended without a time`);
        return early.length > 0
          ? refuted(`${early.length} run and have an end`)
          : proved(`${all.length} operations, each as expected`);
      }),
  },
  {
    id: 'storage-operation-type',
    claim: `a change of storage is told by STORAGE or VOLUME in its operation’s type, such as ${guessedStorageTypes.join(' or ')}`,
    source: 'guess',
    reliesOn: ['functions/capacity/storage-scaling/core/operations.ts'],
    checkedBy: 'kafka:ListClusterOperationsV2',
    judge: ({ operations }) =>
      onKnown(operations, (all) => {
        const types = distinct(all.filter(isOfStorage).map(({ type = 'no type' }) => type));
        return types.length > 0
          ? proved(types.join(', '))
          : notSeen(`none of ${all.length} operations: if storage was changed, its type is among the others`);
      }),
  },
  {
    id: 'storage-lock-six-hours',
    claim: 'after a change of storage MSK takes no other for 6 h at least',
    source: 'old-document',
    reliesOn: ['functions/capacity/storage-scaling/core/facts.ts'],
    checkedBy: 'kafka:ListClusterOperationsV2',
    judge: ({ operations }) =>
      onKnown(operations, (all) => {
        const gaps = storageGapsMs(all);
        const shortestMs = Math.min(...gaps, Number.POSITIVE_INFINITY);
        if (gaps.length === 0) return notSeen('no two changes of storage follow each other in the history');
        if (shortestMs < 6 * hourMs) return refuted(`one began ${hours(shortestMs)} after another’s end`);
        // A gap of weeks says nothing about a lock of hours.
        return shortestMs < 24 * hourMs
          ? proved(`the shortest of ${gaps.length} gaps is ${hours(shortestMs)}`)
          : notSeen(`the shortest of ${gaps.length} gaps is ${hours(shortestMs)}: too long to tell`);
      }),
  },
  {
    id: 'storage-lock-within-a-day',
    claim: 'between 6 h and 24 h after a change the next may be taken already',
    source: 'old-document',
    reliesOn: ['functions/capacity/storage-scaling/core/facts.ts'],
    checkedBy: 'kafka:ListClusterOperationsV2',
    judge: ({ operations }) =>
      onKnown(operations, (all) => {
        const within = storageGapsMs(all).filter((gapMs) => gapMs >= 6 * hourMs && gapMs < 24 * hourMs);
        return within.length > 0
          ? proved(`${within.length} began within a day, the first after ${hours(Math.min(...within))}`)
          : notSeen('no change of storage began within a day of another');
      }),
  },
  {
    id: 'auto-scaling-by-cluster-arn',
    claim: 'Application Auto Scaling lists a cluster’s storage under the cluster’s ARN',
    source: 'inference',
    reliesOn: ['shared/aws/auto-scaling.ts'],
    checkedBy: 'application-autoscaling:DescribeScalableTargets',
    judge: ({ autoScaling }) =>
      onKnown(autoScaling, ({ targetCount, policyNames }) =>
        targetCount > 0
          ? proved(`${targetCount} targets, policies: ${policyNames.join(', ') || 'none'}`)
          : notSeen('nothing is listed: this cluster’s storage is not auto scaled, or listed otherwise'),
      ),
  },
];
