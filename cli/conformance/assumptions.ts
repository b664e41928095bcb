import type { ClusterTraits } from '../../shared/core/metric-catalogue.ts';
import type { Assumption } from './assumption.ts';
import { byHandAssumptions } from './by-hand-assumptions.ts';
import { clusterAssumptions } from './cluster-assumptions.ts';
import { deployedAssumptions } from './deployed-assumptions.ts';
import { notSent, planMetricAssumptions } from './metric-assumptions.ts';
import { nodeAssumptions } from './node-assumptions.ts';
import { operationAssumptions } from './operation-assumptions.ts';
import { valueAssumptions } from './value-assumptions.ts';

/** Those that hold for every cluster; docs/conformance.md lists them. */
export const commonAssumptions: readonly Assumption[] = [
  ...clusterAssumptions,
  ...nodeAssumptions,
  ...operationAssumptions,
  ...valueAssumptions,
  notSent,
  ...deployedAssumptions,
  ...byHandAssumptions,
];

/** Everything that is taken to be so and that nobody has seen, for a cluster of this kind. */
export const assumptionsOf = (traits: ClusterTraits): readonly Assumption[] => [
  ...commonAssumptions,
  ...planMetricAssumptions(traits),
];
