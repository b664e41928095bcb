import { digestOf } from '../text/digest.ts';

/** What a person signs who wakes a procedure by hand: this cluster's, this procedure, this once. */
export const digestOfWake = (wake: {
  /** Its ARN: two stacks may call a cluster alike. */
  readonly clusterArn: string;
  readonly procedure: string;
  readonly wakeId: string;
}): string => digestOf({ about: 'mskeeper wake', ...wake });
