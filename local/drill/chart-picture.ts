import type { Chart } from './chart.ts';
import { escapeMarkup } from './markup.ts';

/** Where a chart stands in the picture, in pixels. */
export type ChartPlace = {
  readonly top: number;
  readonly laneX: number;
  readonly labelX: number;
  readonly plotFrom: number;
  readonly plotTo: number;
  /** Of a moment of the world's clock. */
  readonly x: (clockMs: number) => number;
};

const plotHeight = 150;
const margin = 18;
export const chartHeight = plotHeight + 2 * margin;
const legendRow = 20;

/**
 * One chart as SVG: a line and a mark for each series, told apart by dashes and shapes as well as by colour, since lines
 * may lie on each other; limits as lines with their words; every point with its words as a tooltip.
 */
export function drawChart(chart: Chart, { top, laneX, labelX, plotFrom, plotTo, x }: ChartPlace): string {
  const foot = top + margin + plotHeight;
  const y = (value: number): number => foot - (Math.min(Math.max(value, 0), chart.most) / chart.most) * plotHeight;
  const level = (value: number, kind: string): string =>
    `<line class="${kind}" x1="${plotFrom}" x2="${plotTo}" y1="${y(value).toFixed(1)}" y2="${y(value).toFixed(1)}"/>`;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => share * chart.most);
  return [
    `<line class="border" x1="0" x2="100%" y1="${top}" y2="${top}"/>`,
    `<text class="lane" x="${laneX}" y="${top + margin}">${escapeMarkup(chart.name)}</text>`,
    ...ticks.map(
      (value) =>
        `${level(value, 'grid')}<text class="axis" x="${plotFrom - 8}" y="${(y(value) + 4).toFixed(1)}">${value} ${escapeMarkup(chart.unit)}</text>`,
    ),
    ...chart.limits.map(
      ({ label, value }) =>
        `${level(value, 'limit')}<text class="limit-words" x="${plotFrom + 6}" y="${(y(value) - 5).toFixed(1)}">${escapeMarkup(label)}</text>`,
    ),
    ...chart.series.map(({ name, points }, index) => {
      const kind = `series-${index % 3}`;
      const legendY = top + margin + index * legendRow;
      const path = points.map(({ clockMs, value }) => `${x(clockMs).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
      const marks = points.map(
        ({ clockMs, value, label }) =>
          `<path class="mark ${kind}" d="${markAt(index, x(clockMs), y(value))}"><title>${escapeMarkup(`${name}: ${label}`)}</title></path>`,
      );
      return [
        `<line class="series ${kind}" x1="${labelX}" x2="${labelX + 34}" y1="${legendY - 4}" y2="${legendY - 4}"/>`,
        `<path class="mark ${kind}" d="${markAt(index, labelX + 17, legendY - 4)}"/>`,
        `<text class="subject" x="${labelX + 44}" y="${legendY}">${escapeMarkup(name)}</text>`,
        `<polyline class="series ${kind}" points="${path}"/>`,
        ...marks,
      ].join('');
    }),
  ].join('');
}

/** A disc, a square, a triangle: each smaller than the one before, so that marks on each other all show. */
function markAt(index: number, x: number, y: number): string {
  const r = 4.5 - (index % 3);
  const [left, right] = [(x - r).toFixed(1), (x + r).toFixed(1)];
  const [upper, lower, middle] = [(y - r).toFixed(1), (y + r).toFixed(1), y.toFixed(1)];
  switch (index % 3) {
    case 0:
      return `M${left} ${middle} a${r} ${r} 0 1 0 ${2 * r} 0 a${r} ${r} 0 1 0 ${-2 * r} 0 Z`;
    case 1:
      return `M${left} ${upper} H${right} V${lower} H${left} Z`;
    default:
      return `M${left} ${lower} L${x.toFixed(1)} ${upper} L${right} ${lower} Z`;
  }
}
