import { escapeMarkup } from '../markup.ts';
import { clockTime } from '../timeline-picture.ts';
import { firstLineOf, type Heard, isRinging } from './heard.ts';
import type { Story } from './story.ts';

const width = 1190;
const labelX = 16;
const plotFrom = 250;
const plotTo = 1160;
const rowHeight = 44;
const top = 64;
const foot = 44;

/** `PagerDuty on-call`, by which rows are told apart. */
const rowOf = ({ by, where }: Heard): string =>
  `${{ pagerduty: 'PagerDuty', slack: 'Slack', sms: 'Text to', mail: 'Mail to' }[by]} ${where}`;

/** Whoever sleeps is woken by the first rows, and reads the last ones. */
const rank = { pagerduty: 0, sms: 1, slack: 2, mail: 3 } as const satisfies Record<Heard['by'], number>;

const rowsOf = (heard: readonly Heard[]): readonly (readonly [string, readonly Heard[]])[] =>
  [...Map.groupBy(heard, rowOf)].toSorted(([, [left]], [, [right]]) =>
    left === undefined || right === undefined ? 0 : rank[left.by] - rank[right.by] || left.clockMs - right.clockMs,
  );

/**
 * A story as a picture: a row for each way to people, time from left to right on the account's own clock; a bell where a telephone
 * rang, a dot where something could be read, a tick where somebody answered, a line where it ended.
 */
export function drawStory(story: Story): string {
  const rows = rowsOf(story.heard);
  const height = top + rows.length * rowHeight + foot;
  const spanMs = Math.max(story.untilMs - story.fromMs, 1000);
  const x = (clockMs: number): number => plotFrom + ((clockMs - story.fromMs) / spanMs) * (plotTo - plotFrom);
  return [
    `<svg class="story" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeMarkup(story.title)}: ${rows.length} ways to people; the messages stand below">`,
    ...drawAxis(story, height, x),
    ...story.signs.map((sign, index) => drawSign(sign, x(sign.clockMs), height, index)),
    ...rows.map(([name, own], index) => drawRow(name, own, top + index * rowHeight + rowHeight / 2, x)),
    '</svg>',
  ].join('\n');
}

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480] as const;

/** Minutes since the first thing that happened, by which ladders are climbed, and the clock. */
function drawAxis(story: Story, height: number, x: (clockMs: number) => number): readonly string[] {
  const firstMs = Math.min(...[...story.signs, ...story.heard].map(({ clockMs }) => clockMs), story.untilMs);
  const minutes = (story.untilMs - firstMs) / 60_000;
  const step = steps.find((one) => minutes / one <= 12) ?? 960;
  const ticks = Array.from({ length: Math.floor(minutes / step) + 1 }, (_, index) => index * step);
  return ticks.map((minute) => {
    const clockMs = firstMs + minute * 60_000;
    const at = x(clockMs).toFixed(1);
    return `<line class="grid" x1="${at}" x2="${at}" y1="${top - 8}" y2="${height - foot}"/><text class="tick" x="${at}" y="${height - 26}">${minute} min</text><text class="tick" x="${at}" y="${height - 10}">${clockTime(clockMs).slice(0, 5)}</text>`;
  });
}

function drawSign({ label, tone }: Story['signs'][number], at: number, height: number, index: number): string {
  // Neighbours would write over each other: they take turns in two lines.
  const y = 16 + (index % 2) * 18;
  const anchor = at > plotTo - 160 ? 'end' : 'start';
  const textX = anchor === 'end' ? at - 5 : at + 5;
  return `<line class="sign ${tone}" x1="${at.toFixed(1)}" x2="${at.toFixed(1)}" y1="6" y2="${height - foot}"/><text class="sign-words ${tone}" text-anchor="${anchor}" x="${textX.toFixed(1)}" y="${y}">${escapeMarkup(label)}</text>`;
}

function drawRow(name: string, own: readonly Heard[], y: number, x: (clockMs: number) => number): string {
  const first = own[0];
  const last = own.at(-1);
  const thread =
    first === undefined || last === undefined
      ? ''
      : `<line class="thread" x1="${x(first.clockMs).toFixed(1)}" x2="${x(last.clockMs).toFixed(1)}" y1="${y}" y2="${y}"/>`;
  return [
    `<text class="way" x="${labelX}" y="${y + 4}">${escapeMarkup(name)}</text>`,
    `<line class="row" x1="${plotFrom}" x2="${plotTo}" y1="${y}" y2="${y}"/>`,
    thread,
    ...own.map((one) => drawHeard(one, x(one.clockMs), y)),
  ].join('');
}

function drawHeard(one: Heard, x: number, y: number): string {
  const words = `<title>${escapeMarkup(`${clockTime(one.clockMs)} ${firstLineOf(one)}`)}</title>`;
  const at = `transform="translate(${x.toFixed(1)} ${y})"`;
  return `<g class="heard ${toneOf(one)}" ${at}>${words}${shapeOf(one)}</g>`;
}

type Shape = 'bell' | 'answered' | 'ended' | 'read';

const kindOf = (one: Heard): Shape => {
  if (isRinging(one)) return 'bell';
  if (one.by === 'pagerduty' && one.what === 'acknowledged') return 'answered';
  return isEnd(one) ? 'ended' : 'read';
};

/** mskeeper's word that it is over. */
export const isEnd = (one: Heard): boolean =>
  one.by === 'pagerduty' ? one.what === 'resolved' : /^\[?P\d closed\b/.test(firstLineOf(one));

const isThread = (one: Heard): boolean => one.by === 'slack' && one.threadTs === undefined;

const toneOf = (one: Heard): string => {
  const tones = { bell: 'bad', answered: 'neutral', ended: 'good', read: isThread(one) ? 'bad' : 'quiet' } as const;
  return tones[kindOf(one)];
};

/** The mark of a telephone that rings, around its own middle. */
export const bell =
  '<circle r="13"/><path class="inside" d="M-6 4 h12 l-2 -3 v-4 a4 4 0 0 0 -8 0 v4 z M-2 6 a2 2 0 0 0 4 0 z"/>';

/** Told apart by shape as well as by colour. */
function shapeOf(one: Heard): string {
  const tick = '<path class="stroke" d="M-5 0 l4 4 l7 -8"/>';
  const shapes = {
    bell,
    answered: `<circle r="11"/>${tick}`,
    ended: `<rect x="-10" y="-10" width="20" height="20" rx="4"/>${tick}`,
    read: isThread(one) ? '<path d="M0 -10 L10 0 L0 10 L-10 0 Z"/>' : '<circle r="5"/>',
  } as const satisfies Record<Shape, string>;
  return shapes[kindOf(one)];
}
