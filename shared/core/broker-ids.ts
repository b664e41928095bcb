/** 1 to the count: how MSK numbers the brokers of a new cluster, and so what a file without brokerIds means. */
export const brokerIdsFromOne = (brokerCount: number): readonly number[] =>
  Array.from({ length: brokerCount }, (_, index) => index + 1);

const sorted = (ids: readonly number[]): readonly number[] => [...new Set(ids)].toSorted((left, right) => left - right);

/** Ids of one side only, ascending. */
export type BrokerIdDifference = { readonly unconfigured: readonly number[]; readonly gone: readonly number[] };

/** Who is in the cluster and not in mskeeper.yml, and the reverse. */
export const compareBrokerIds = (
  configured: readonly number[],
  actual: readonly number[],
): BrokerIdDifference | undefined => {
  const unconfigured = sorted(actual).filter((id) => !configured.includes(id));
  const gone = sorted(configured).filter((id) => !actual.includes(id));
  return unconfigured.length === 0 && gone.length === 0 ? undefined : { unconfigured, gone };
};

/** A file without brokerIds may stay without where the cluster's ids run from 1; brokers that were removed leave gaps. */
const settingsFor = (ids: readonly number[]): string => {
  const hasGaps = ids.some((id, index) => id !== index + 1);
  return hasGaps
    ? `brokerCount: ${ids.length} and brokerIds: [${ids.join(', ')}]`
    : `brokerCount: ${ids.length} and no brokerIds`;
};

/** The one advice where the brokers of mskeeper.yml are not those of the cluster. @param actual the cluster's own ids, at least one */
export const adviseBrokerIds = (actual: readonly number[]): string =>
  `set ${settingsFor(sorted(actual))} in mskeeper.yml, package and deploy`;

/** Where only the number of the cluster's brokers is known, and ids may have gaps. */
export const adviseBrokerCount = (brokerCount: number): string =>
  `set brokerCount: ${brokerCount} in mskeeper.yml, and brokerIds where the ids do not run from 1 to ${brokerCount} (aws kafka list-nodes tells them); package and deploy`;
