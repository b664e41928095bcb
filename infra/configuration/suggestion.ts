/** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours, each counted once. */
const countEdits = (left: string, right: string): number => {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const isSame = left[row - 1] === right[column - 1];
      const isSwap =
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      current.push(
        Math.min(
          (previous[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (previous[column - 1] ?? 0) + (isSame ? 0 : 1),
          isSwap ? (beforePrevious[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[right.length] ?? left.length;
};

/** Letters alone, so that `kill_switch` and `KillSwitch` are near `killSwitch`. */
const fold = (word: string): string => word.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** One is the beginning of the other: `diskUsed` for `diskUsedPercent`. */
const isBeginning = (word: string, candidate: string): boolean =>
  Math.min(word.length, candidate.length) >= 4 && (candidate.startsWith(word) || word.startsWith(candidate));

/** The candidate that was probably meant, or undefined: a third of its letters may differ, or its end be missing. */
export const findNearest = (word: string, candidates: readonly string[]): string | undefined => {
  const folded = fold(word).slice(0, 64);
  if (folded === '') return undefined;
  const [nearest] = candidates
    .map((candidate) => {
      const target = fold(candidate);
      const edits = countEdits(folded, target);
      const isNear = edits <= Math.max(1, Math.floor(target.length / 3)) || isBeginning(folded, target);
      return { candidate, edits, isNear };
    })
    .filter(({ isNear }) => isNear)
    .sort((left, right) => left.edits - right.edits);
  return nearest?.candidate;
};
