/**
 * Whether a name of a topic or group fits a pattern of mskeeper.yml: `*` is anything, `?` one character, all else is
 * literal. Takes at most name × pattern steps, whatever the pattern.
 */
export function matchesPattern(name: string, pattern: string): boolean {
  let nameAt = 0;
  let patternAt = 0;
  let starAt = -1;
  let retryAt = 0;
  while (nameAt < name.length) {
    const wanted = pattern[patternAt];
    if (wanted === '*') {
      starAt = patternAt;
      retryAt = nameAt;
      patternAt += 1;
    } else if (wanted !== undefined && (wanted === '?' || wanted === name[nameAt])) {
      nameAt += 1;
      patternAt += 1;
    } else if (starAt >= 0) {
      // The last star takes one character more, and what follows it is tried again.
      retryAt += 1;
      nameAt = retryAt;
      patternAt = starAt + 1;
    } else return false;
  }
  while (pattern[patternAt] === '*') patternAt += 1;
  return patternAt === pattern.length;
}

/** Whether it may fit more than one name; else it is a name. */
export const isPattern = (pattern: string): boolean => /[*?]/.test(pattern);

/** Whether one of the patterns fits the name; false for no patterns. */
export const matchesAnyPattern = (name: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => matchesPattern(name, pattern));

/** Whether a topic or group is named by `watch` and not by `ignore`. */
export const isWatched = (
  name: string,
  { watch, ignore }: { readonly watch: readonly string[]; readonly ignore: readonly string[] },
): boolean => matchesAnyPattern(name, watch) && !matchesAnyPattern(name, ignore);
