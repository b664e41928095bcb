import type { Measured, Tried } from './measure.ts';
import { applyMutant } from './mutants.ts';
import { marginPoints } from './sample.ts';

/** One line of the table. Percent of the sample; `marginPoints` says how far all mutants may lie from it at 95 %. */
export type Score = {
  readonly area: string;
  readonly mutants: number;
  readonly sampled: number;
  readonly killed: number;
  readonly over: number;
  readonly scorePercent: number;
  readonly marginPoints: number;
  readonly floorPercent?: number;
  /** The sample shows it, whatever the luck of its draw: even with the margin it does not reach the floor. */
  readonly isBelowFloor: boolean;
};

export function scoreOf({ area, mutantCount, tried }: Measured, floorPercent: number | undefined): Score {
  const killed = tried.filter(({ outcome }) => outcome !== 'survived').length;
  const scorePercent = tried.length === 0 ? 0 : Math.round((1000 * killed) / tried.length) / 10;
  const margin = Math.round(10 * marginPoints(killed, tried.length, mutantCount)) / 10;
  return {
    area,
    mutants: mutantCount,
    sampled: tried.length,
    killed,
    over: tried.filter(({ outcome }) => outcome === 'over').length,
    scorePercent,
    marginPoints: margin,
    ...(floorPercent !== undefined && { floorPercent }),
    isBelowFloor: floorPercent !== undefined && scorePercent + margin < floorPercent,
  };
}

/** The table, an area a line. */
export function renderScores(scores: readonly Score[]): string {
  const head = ['area', 'mutants', 'sampled', 'killed', 'no end', 'score', '95 %', 'floor', ''];
  const rows = scores.map((score) => [
    score.area,
    String(score.mutants),
    String(score.sampled),
    String(score.killed),
    String(score.over),
    `${score.scorePercent.toFixed(1)} %`,
    `± ${score.marginPoints.toFixed(1)}`,
    score.floorPercent === undefined ? '-' : `${score.floorPercent} %`,
    score.isBelowFloor ? 'below its floor' : '',
  ]);
  const widths = head.map((title, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? title).length)));
  return [head, ...rows]
    .map((row) =>
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))),
    )
    .map((cells) => cells.join('  ').trimEnd())
    .join('\n');
}

/** A mutant that no test saw, as lines of a diff. `source` is the text of its file. */
export function renderSurvivor({ mutant }: Pick<Tried, 'mutant'>, source: string): string {
  const lineStart = source.lastIndexOf('\n', mutant.start - 1) + 1;
  const before = source.indexOf('\n', mutant.end);
  const lineEnd = before === -1 ? source.length : before;
  const changed = applyMutant(source, mutant).slice(
    lineStart,
    lineEnd + mutant.replacement.length - (mutant.end - mutant.start),
  );
  const marked = (sign: string, text: string) => text.split('\n').map((line) => `  ${sign} ${line}`);
  const lines = [...marked('-', source.slice(lineStart, lineEnd)), ...marked('+', changed)];
  return [`${mutant.file}:${mutant.line} ${mutant.kind}`, ...lines].join('\n');
}
