import { escapeMarkup } from './markup.ts';
import type { Lane, Moment, Tone } from './timeline.ts';

const laneOrder: readonly Lane[] = ['faults', 'brokers', 'functions', 'alarms', 'findings', 'notifications'];
const rowHeight = 26;
const labelWidth = 250;
const plotWidth = 860;
const topMargin = 34;

type Row = { readonly lane: Lane; readonly subject: string; readonly moments: readonly Moment[] };

/** States that hold until the next moment of the same subject are drawn as bars; the rest are points. */
const holdsUntilNext: Readonly<Record<Lane, boolean>> = {
  faults: false,
  brokers: true,
  functions: false,
  alarms: true,
  findings: false,
  notifications: false,
};

/**
 * A self-contained SVG: a row for each subject, time from left to right, every mark with its words as a tooltip.
 *
 * @param moments of one scenario, any order
 * @param durationMs real time that the axis spans
 */
export function drawTimeline(moments: readonly Moment[], durationMs: number): string {
  const rows = rowsOf(moments);
  const height = topMargin + rows.length * rowHeight + 12;
  const spanMs = Math.max(durationMs, 1000);
  const x = (atMs: number) => labelWidth + (Math.min(Math.max(atMs, 0), spanMs) / spanMs) * plotWidth;
  return [
    `<svg class="timeline" viewBox="0 0 ${labelWidth + plotWidth + 20} ${height}" role="img" aria-label="What happened, in order of time">`,
    drawAxis(spanMs, height, x),
    ...rows.map((row, index) => drawRow(row, index, spanMs, x)),
    '</svg>',
  ].join('\n');
}

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

function drawAxis(spanMs: number, height: number, x: (atMs: number) => number): string {
  const stepSeconds = [5, 10, 15, 30, 60, 120].find((step) => spanMs / 1000 / step <= 12) ?? 300;
  const ticks = Array.from({ length: Math.floor(spanMs / 1000 / stepSeconds) + 1 }, (_, index) => index * stepSeconds);
  return ticks
    .map((second) => {
      const at = x(second * 1000).toFixed(1);
      return `<line class="grid" x1="${at}" x2="${at}" y1="${topMargin - 8}" y2="${height - 8}"/><text class="tick" x="${at}" y="${topMargin - 14}">${second} s</text>`;
    })
    .join('');
}

function drawRow(row: Row, index: number, spanMs: number, x: (atMs: number) => number): string {
  const y = topMargin + index * rowHeight;
  const stripe = index % 2 === 0 ? `<rect class="stripe" x="0" y="${y}" width="100%" height="${rowHeight}"/>` : '';
  const title = row.subject.length > 38 ? `${row.subject.slice(0, 37)}…` : row.subject;
  const marks = row.moments.map((moment, position) => {
    const next = row.moments[position + 1];
    const endMs = holdsUntilNext[row.lane] ? (next?.atMs ?? spanMs) : moment.atMs + (moment.durationMs ?? 0);
    return drawMark(moment, x(moment.atMs), x(endMs), y);
  });
  return `${stripe}<text class="subject" x="10" y="${y + 17}">${escapeMarkup(title)}<title>${escapeMarkup(row.subject)}</title></text>${marks.join('')}`;
}

function drawMark(moment: Moment, from: number, to: number, y: number): string {
  const tooltip = `<title>${(moment.atMs / 1000).toFixed(1)} s: ${escapeMarkup(moment.label)}</title>`;
  const middle = y + rowHeight / 2;
  if (to - from >= 3) {
    return `<rect class="bar ${moment.tone}" x="${from.toFixed(1)}" y="${middle - 7}" width="${(to - from).toFixed(1)}" height="14" rx="3">${tooltip}</rect>`;
  }
  return `<path class="point ${moment.tone}" d="${shapeOf(moment.tone, from, middle)}">${tooltip}</path>`;
}

/** Shape as well as colour tells good from bad, for readers who see no difference between red and green. */
function shapeOf(tone: Tone, x: number, y: number): string {
  const [left, right, top, bottom] = [x - 6, x + 6, y - 6, y + 6].map((value) => value.toFixed(1));
  switch (tone) {
    case 'bad':
      return `M${left} ${bottom} L${x.toFixed(1)} ${top} L${right} ${bottom} Z`;
    case 'warn':
      return `M${x.toFixed(1)} ${top} L${right} ${y} L${x.toFixed(1)} ${bottom} L${left} ${y} Z`;
    case 'good':
    case 'neutral':
      return `M${left} ${y} a6 6 0 1 0 12 0 a6 6 0 1 0 -12 0 Z`;
    default:
      return tone satisfies never;
  }
}
