import type { Chart } from './chart.ts';
import { chartHeight, drawChart } from './chart-picture.ts';
import { escapeMarkup } from './markup.ts';
import type { Lane, Moment } from './timeline.ts';
import { drawMark, markDefinitions } from './timeline-marks.ts';
import { readClocks } from './two-clocks.ts';

const laneOrder: readonly Lane[] = [
  'faults',
  'brokers',
  'storage',
  'schedules',
  'functions',
  'runs',
  'acts',
  'alarms',
  'findings',
  'notifications',
];
const rowHeight = 26;
const laneX = 8;
const laneWidth = 106;
const labelWidth = 380;
const plotWidth = 780;
const topMargin = 52;
/** Letters that fit between a lane's name and the plot. */
const mostLetters = 42;

type Row = { readonly lane: Lane; readonly subject: string; readonly moments: readonly Moment[] };

/** States that hold until the next moment of the same subject are drawn as bars; the rest are points. */
const holdsUntilNext: Readonly<Record<Lane, boolean>> = {
  faults: false,
  brokers: true,
  storage: true,
  schedules: false,
  functions: false,
  runs: true,
  acts: false,
  alarms: true,
  findings: false,
  notifications: false,
};

/**
 * A self-contained SVG: a row for each subject, time from left to right, every mark with its words as a tooltip. Faults
 * are drawn through all rows.
 *
 * @param moments of one scenario, any order
 * @param durationMs real time that the axis spans
 * @param clockRate seconds of the world's clock in a real one where no two moments say it, for the axis's second line
 * @param charts drawn under the rows; without any moment there is no clock to draw them by
 */
export function drawTimeline(
  moments: readonly Moment[],
  durationMs: number,
  clockRate: number,
  charts: readonly Chart[] = [],
): string {
  const rows = rowsOf(moments);
  const rowsHeight = topMargin + rows.length * rowHeight;
  const height = rowsHeight + charts.length * chartHeight + 12;
  const spanMs = Math.max(durationMs, 1000);
  const x = (atMs: number) => labelWidth + (Math.min(Math.max(atMs, 0), spanMs) / spanMs) * plotWidth;
  const clocks = readClocks(moments, clockRate);
  const faults = moments.filter(({ lane }) => lane === 'faults');
  return [
    `<svg class="timeline" viewBox="0 0 ${labelWidth + plotWidth + 30} ${height}" role="img" aria-label="Timeline of ${rows.length} rows; the table below tells every moment in words">`,
    markDefinitions,
    ...rows.map((_, index) => drawStripe(index)),
    drawAxis(spanMs, height, x, (second) => (clocks === undefined ? '' : clockTime(clocks.clockMsAt(second * 1000)))),
    ...faults.map(
      ({ atMs }) =>
        `<line class="fault" x1="${x(atMs).toFixed(1)}" x2="${x(atMs).toFixed(1)}" y1="${topMargin}" y2="${height - 8}"/>`,
    ),
    ...rows.map((row, index) => drawRow(row, rows[index - 1]?.lane, index, spanMs, x)),
    ...charts.map((chart, index) =>
      drawChart(chart, {
        top: rowsHeight + index * chartHeight,
        laneX,
        labelX: laneWidth,
        plotFrom: labelWidth,
        plotTo: labelWidth + plotWidth,
        x: (clockMs) => x(clocks?.atMsOf(clockMs) ?? 0),
      }),
    ),
    '</svg>',
  ].join('\n');
}

/** `08:56:20` of the world's clock. */
export const clockTime = (clockMs: number): string => new Date(clockMs).toISOString().slice(11, 19);

function rowsOf(moments: readonly Moment[]): Row[] {
  const bySubject = Map.groupBy(moments, ({ lane, subject }) => `${laneOrder.indexOf(lane)} ${subject}`);
  return [...bySubject.entries()]
    .toSorted(([left], [right]) => left.localeCompare(right, 'en', { numeric: true }))
    .flatMap(([, own]) => {
      const first = own[0];
      if (first === undefined) return [];
      const ordered = own.toSorted((left, right) => left.atMs - right.atMs);
      return [{ lane: first.lane, subject: first.subject, moments: ordered }];
    });
}

function drawAxis(
  spanMs: number,
  height: number,
  x: (atMs: number) => number,
  clockAt: (second: number) => string,
): string {
  const stepSeconds = [2, 5, 10, 15, 30, 60, 120].find((step) => spanMs / 1000 / step <= 10) ?? 300;
  const ticks = Array.from({ length: Math.floor(spanMs / 1000 / stepSeconds) + 1 }, (_, index) => index * stepSeconds);
  return [
    `<text class="axis" x="${labelWidth - 40}" y="16">real time</text><text class="axis" x="${labelWidth - 40}" y="34">world's clock</text>`,
    ...ticks.map((second) => {
      const at = x(second * 1000).toFixed(1);
      return `<line class="grid" x1="${at}" x2="${at}" y1="${topMargin - 10}" y2="${height - 8}"/><text class="tick" x="${at}" y="16">${second} s</text><text class="tick" x="${at}" y="34">${clockAt(second)}</text>`;
    }),
  ].join('');
}

const drawStripe = (index: number): string =>
  index % 2 === 0
    ? `<rect class="stripe" x="0" y="${topMargin + index * rowHeight}" width="100%" height="${rowHeight}"/>`
    : '';

function drawRow(row: Row, laneAbove: Lane | undefined, index: number, spanMs: number, x: (atMs: number) => number) {
  const y = topMargin + index * rowHeight;
  const lane = row.lane === laneAbove ? '' : `<text class="lane" x="${laneX}" y="${y + 17}">${row.lane}</text>`;
  const border =
    row.lane === laneAbove || laneAbove === undefined
      ? ''
      : `<line class="border" x1="0" x2="100%" y1="${y}" y2="${y}"/>`;
  const marks = row.moments.map((moment, position) => {
    const next = row.moments[position + 1];
    const endMs = holdsUntilNext[row.lane] ? (next?.atMs ?? spanMs) : moment.atMs + (moment.durationMs ?? 0);
    return drawMark(moment, x(moment.atMs), x(endMs), y + rowHeight / 2);
  });
  const subject = row.subject === row.lane ? '' : shorten(row.subject);
  return `${border}${lane}<text class="subject" x="${laneWidth}" y="${y + 17}">${escapeMarkup(subject)}<title>${escapeMarkup(row.subject)}</title></text>${marks.join('')}`;
}

/** Names of a stack begin alike and differ at their end: what is cut is their beginning. */
function shorten(subject: string): string {
  const name = subject.replace(/^mskeeper-/, '');
  return name.length > mostLetters ? `…${name.slice(name.length - mostLetters + 1)}` : name;
}
