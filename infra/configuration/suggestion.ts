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

/** The candidate that was probably meant, or undefined: at most a third of its letters may differ. */
export const findNearest = (word: string, candidates: readonly string[]): string | undefined => {
  const folded = fold(word).slice(0, 64);
  const [nearest] = candidates
    .map((candidate) => ({ candidate, edits: countEdits(folded, fold(candidate)) }))
    .filter(({ candidate, edits }) => edits <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((left, right) => left.edits - right.edits);
  return nearest?.candidate;
};
