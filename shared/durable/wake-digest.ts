import { digestOf } from '../text/digest.ts';

/** What a person signs who wakes a procedure by hand: this cluster's, this procedure, this once. */
export const digestOfWake = (wake: {
  readonly cluster: string;
  readonly procedure: string;
  readonly wakeId: string;
}): string => digestOf({ about: 'mskeeper wake', ...wake });
