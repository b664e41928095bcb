import { styleText } from 'node:util';
import type { DrillReport, Expectation } from './drill-report.ts';
import type { Moment, Tone } from './timeline.ts';

const styleByTone = { good: 'green', bad: 'red', warn: 'yellow', neutral: 'dim' } as const satisfies Record<
  Tone,
  string
>;

const paint = (style: Parameters<typeof styleText>[0], text: string): string =>
  styleText(style, text, { stream: process.stderr });

/** Progress goes to standard error, so that `--json` leaves standard output to the machine. */
const say = (line: string): void => void process.stderr.write(`${line}\n`);

export const sayStep = (text: string): void => say(`${paint('cyan', '▸')} ${text}`);

export const sayMoment = ({ atMs, subject, label, tone }: Moment): void =>
  say(
    `${paint('dim', `${(atMs / 1000).toFixed(1).padStart(7)} s`)}  ${paint(styleByTone[tone], label)} ${paint('dim', `(${subject})`)}`,
  );

export const sayExpectation = ({ text, isMet, seen, afterSeconds }: Expectation): void => {
  const after = afterSeconds === undefined ? '' : paint('dim', ` after ${afterSeconds.toFixed(1)} s`);
  say(`${isMet ? paint('green', '    ✓') : paint('red', '    ✗')} ${text}${after}\n      ${paint('dim', seen)}`);
};

/** The table at the end, and a closing line that counts. */
export function renderSummary(report: DrillReport): string {
  const rows = report.scenarios.map(({ name, outcome, durationSeconds, expectations }) => {
    const met = expectations.filter(({ isMet }) => isMet).length;
    return [name, outcome, `${met}/${expectations.length}`, `${durationSeconds.toFixed(1)} s`];
  });
  const table = [['scenario', 'outcome', 'met', 'took'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const passed = report.scenarios.filter(({ outcome }) => outcome === 'passed').length;
  return [...lines, '', `${passed} passed, ${report.scenarios.length - passed} failed`].join('\n');
}
