import type { ClusterView } from '../../../../shared/core/cluster-view.ts';
import { counted } from '../../../../shared/core/counted.ts';

/** How many brokers told everything of the whole cluster. */
export const countFull = ({ witnesses }: ClusterView): number =>
  witnesses.filter(({ depth, otherClusterId }) => depth === 'full' && otherClusterId === undefined).length;

/** Fewer than two of several told it: what holds of the whole cluster hangs on one word, which may be of the past. */
export const isLoneWord = (view: ClusterView, brokerCount: number): boolean => brokerCount > 1 && countFull(view) < 2;

/** The same as a sentence. */
export const describeLoneWord = (view: ClusterView, brokerCount: number): string =>
  `Of ${counted(brokerCount, 'broker')} ${countFull(view) === 0 ? 'none' : 'only one'} described the whole cluster: what holds of all of it is its word alone.`;
