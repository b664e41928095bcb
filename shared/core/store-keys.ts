import { ConfigError } from './errors.ts';

/**
 * Refuses a key outside of the prefixes that this function may use. The role says the same; here it fails before the
 * call, and names the key.
 *
 * @throws ConfigError
 */
export function requireKey(key: string, prefixes: readonly string[]): string {
  const isPlain = /^[A-Za-z0-9][A-Za-z0-9._/=-]*$/.test(key) && key.length <= 1_024;
  const isClimbing = key.split('/').some((part) => part === '' || part === '.' || part === '..');
  if (!isPlain || isClimbing) throw new ConfigError(`store: ${JSON.stringify(key.slice(0, 200))} is no key`);
  const isInside = prefixes.some(
    (prefix) => prefix.endsWith('/') && key.startsWith(prefix) && key.length > prefix.length,
  );
  if (isInside) return key;
  throw new ConfigError(`store: ${key} lies outside of ${prefixes.join(', ') || 'every prefix'}`);
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `reports/<procedure>/<cluster>/2026/03/01/090440-<run>.json`, in UTC. */
export function reportKey(procedure: string, cluster: string, atMs: number, runId: string): string {
  const at = new Date(atMs);
  const day = [at.getUTCFullYear(), two(at.getUTCMonth() + 1), two(at.getUTCDate())].join('/');
  const time = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join('');
  return `${reportPrefix(procedure)}${cluster}/${day}/${time}-${runId}.json`;
}

/** What a procedure keeps between its runs. */
export const stateKey = (procedure: string, cluster: string): string => `${statePrefix(procedure)}${cluster}.json`;

/** Who looks just now: beside the state, in a folder that no cluster's key can name. */
export const claimKey = (procedure: string, cluster: string): string => `${statePrefix(procedure)}${cluster}/look.json`;

/** Where documents of this key are kept for people once they cannot be read: beside it, in a folder of their own. */
export const asidePrefix = (key: string): string => `${key.replace(/\.json$/, '')}/unreadable/`;

/** One of them. */
export const asideKey = (key: string, name: string): string => `${asidePrefix(key)}${name}.json`;

/** That people were told of what is about to be done, of one cluster: a prefix for `requireKey`. */
export const receiptPrefix = (cluster: string): string => `receipts/${cluster}/`;

/** One of them. @param digest of the key under which they were told */
export const receiptKey = (cluster: string, digest: string): string => `${receiptPrefix(cluster)}${digest}.json`;

/** Where a procedure's reports lie, of every cluster: `reports/<procedure>/`, a prefix for `requireKey`. */
export const reportPrefix = (procedure: string): string => `reports/${procedure}/`;
/** Where a procedure's states lie, of every cluster: `state/<procedure>/`, a prefix for `requireKey`. */
export const statePrefix = (procedure: string): string => `state/${procedure}/`;
