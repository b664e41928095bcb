/** Kinds of faults, worst first: of those that explain a symptom the first one counts. */
export const causeKinds = [
  'cluster-down',
  'records-lost',
  'no-controller',
  'broker-down',
  'msk-maintenance',
  'offline',
  'disk',
  'overload',
  'replication',
  'broker',
  'lag',
  'topic',
  'traffic',
  'application',
  'mskeeper',
  'configuration',
  'other',
  'many',
] as const;
export type CauseKind = (typeof causeKinds)[number];

/** @property of the broker, topic or group that is at fault; empty where it is the cluster's, or nobody knows whose */
export type Cause = { readonly kind: CauseKind; readonly of: string };

/** The same for the same fault, and for no other. */
export const causeKey = ({ kind, of }: Cause): string => `${kind}|${of}`;
