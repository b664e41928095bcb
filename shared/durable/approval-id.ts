import { digestOf } from '../text/digest.ts';
import { executionNameOf } from './episode.ts';

type Asking = {
  readonly cluster: string;
  readonly procedure: string;
  readonly episode: number;
  readonly executionName: string;
};

/** Enough that no two runs of an episode meet, and few enough to be typed. */
const runLetters = 12;

/**
 * What a request is called, and its document in the bucket: `orders-storage-scaling-7-4` by episode and look. A run of the same
 * episode under another name, which somebody invoked by hand, has that name's digest in it: else one of the two would not find
 * its request written, and wait for an answer to the other one's.
 */
export function approvalIdOf({ cluster, procedure, episode, executionName }: Asking, look: number): string {
  const own = executionNameOf(cluster, procedure, episode);
  const run = executionName === own ? own : `${own}-${digestOf(executionName).slice(0, runLetters)}`;
  return `${run}-${look}`;
}
