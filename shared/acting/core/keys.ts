/** Counts what went wrong beside an act, by cluster and function. */
export const actProblemsMetric = 'ActProblems';

/** Where the audit lies in the bucket (I12), all of one cluster under one prefix. */
export const auditPrefix = (cluster: string): string => `audit/${cluster}/`;

/** Every record of one procedure, and its causes' claims. */
export const procedureAuditPrefix = (cluster: string, procedure: string): string =>
  `${auditPrefix(cluster)}${procedure}/`;

const two = (value: number): string => String(value).padStart(2, '0');

/** `audit/<cluster>/<procedure>/2026/03/01/`, in UTC: the records of the acts planned on that day. */
export const auditDayPrefix = (cluster: string, procedure: string, plannedAtMs: number): string => {
  const at = new Date(plannedAtMs);
  const day = [String(at.getUTCFullYear()).padStart(4, '0'), two(at.getUTCMonth() + 1), two(at.getUTCDate())].join('/');
  return `${procedureAuditPrefix(cluster, procedure)}${day}/`;
};

/** The record of one cause. */
export const auditKey = (cluster: string, procedure: string, plannedAtMs: number, cause: string): string =>
  `${auditDayPrefix(cluster, procedure, plannedAtMs)}${cause}.json`;

/** Says on which day the cause's record lies. A letter follows every digit, so that a listing of days ends before it. */
export const claimKey = (cluster: string, procedure: string, cause: string): string =>
  `${procedureAuditPrefix(cluster, procedure)}causes/${cause}.json`;

/** Whether a key of the prefix is a record's, and not a claim's. */
export const isAuditKey = (key: string): boolean => /\/\d{4}\/\d\d\/\d\d\/[a-z0-9-]+\.json$/.test(key);

export const budgetPrefix = 'budget/';
/** The acts of the last hour on one cluster, by every procedure. */
export const budgetKey = (cluster: string): string => `${budgetPrefix}${cluster}.json`;
