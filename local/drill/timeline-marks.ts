import { escapeMarkup } from './markup.ts';
import type { Moment, Tone } from './timeline.ts';

const markRadius = 6;
const barHeight = 16;
/** Words go into a bar only where they fit: 12-pixel letters are about this wide. */
const letterWidth = 6.8;

/**
 * One moment as SVG: a bar where it lasts, else a point, with its words as a tooltip. Shape and hatching as well as colour
 * tell good from bad, for readers who see no difference between red and green.
 *
 * @param from x in pixels; `to` the same where the moment doesn't last
 * @param middle y in pixels
 */
export function drawMark(moment: Moment, from: number, to: number, middle: number): string {
  const tooltip = `<title>${(moment.atMs / 1000).toFixed(1)} s: ${escapeMarkup(moment.label)}</title>`;
  const width = to - from;
  if (width < 3)
    return `<path class="point ${moment.tone}" d="${shapeOf(moment.tone, from, middle)}">${tooltip}</path>`;
  const box = `x="${from.toFixed(1)}" y="${middle - barHeight / 2}" width="${width.toFixed(1)}" height="${barHeight}" rx="3"`;
  const hatching = moment.tone === 'bad' ? `<rect class="hatching" ${box}/>` : '';
  const words = wordsBesideName(moment);
  const text =
    words.length * letterWidth + 12 <= width
      ? `<text class="words" x="${(from + 6).toFixed(1)}" y="${middle + 4}">${escapeMarkup(words)}</text>`
      : '';
  return `<rect class="bar ${moment.tone}" ${box}>${tooltip}</rect>${hatching}${text}`;
}

/** The label without the subject, which names the row already. */
function wordsBesideName({ label, subject }: Moment): string {
  const name = [`alarm ${subject}: `, `${subject} `].find((one) => label.startsWith(one)) ?? '';
  return label.slice(name.length);
}

/** ▲ bad, ◆ warning, ● good, ■ neither. */
function shapeOf(tone: Tone, x: number, y: number): string {
  const r = markRadius;
  const [left, right, middle] = [x - r, x + r, x].map((value) => value.toFixed(1));
  switch (tone) {
    case 'bad':
      return `M${left} ${y + r} L${middle} ${y - r} L${right} ${y + r} Z`;
    case 'warn':
      return `M${middle} ${y - r} L${right} ${y} L${middle} ${y + r} L${left} ${y} Z`;
    case 'good':
      return `M${left} ${y} a${r} ${r} 0 1 0 ${2 * r} 0 a${r} ${r} 0 1 0 ${-2 * r} 0 Z`;
    case 'neutral':
      return `M${left} ${y - r + 1} H${right} V${y + r - 1} H${left} Z`;
    default:
      return tone satisfies never;
  }
}

/** Lines across a bad bar. Every picture of a page defines the same, so that each stands alone. */
export const markDefinitions =
  '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch" x1="0" y1="0" x2="0" y2="6"/></pattern></defs>';
