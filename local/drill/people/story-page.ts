import { escapeMarkup } from '../markup.ts';
import { clockTime } from '../timeline-picture.ts';
import { type Heard, isRinging, type SlackPart } from './heard.ts';
import type { Story } from './story.ts';
import { bell, drawStory } from './story-picture.ts';

/** As its reader sees it: what mskeeper had escaped already is not escaped once more. */
const shown = (text: string): string => escapeMarkup(text).replaceAll('\\u{5c}u{', '\\u{');

/** An incident as people saw it: the picture, then the messages as they look in Slack, on a telephone and in a mail. */
export const renderStory = (story: Story): string => `<section class="told">
<h3>${shown(story.title)}</h3>
<p class="quiet">${shown(story.how)}</p>
<figure><div class="wide" tabindex="0" role="group" aria-label="${shown(story.title)}">${drawStory(story)}</div>
<figcaption>${legend}</figcaption></figure>
<div class="screens">
${[slackOf(story), telephoneOf(story), mailOf(story)].filter((screen) => screen !== '').join('\n')}
</div>
</section>`;

const legend = `<svg class="key" viewBox="-14 -14 28 28" aria-hidden="true"><g class="heard bad">${bell}</g></svg> a telephone rings or shows a text · ◆ a thread begins · • something is added · ✓ in a disc: somebody answers · ✓ in a square: told that it is over · upright lines: what happened · hover for the words`;

/** Of more the first and the last are shown: an hour's thread is read at its two ends. */
const mostShown = 8;

function some<Item>(items: readonly Item[], show: (item: Item) => string): string {
  if (items.length <= mostShown) return items.map(show).join('\n');
  const half = mostShown / 2;
  const left = items.length - mostShown;
  return [
    ...items.slice(0, half).map(show),
    `<p class="left-out">… ${left} more …</p>`,
    ...items.slice(-half).map(show),
  ].join('\n');
}

function slackOf({ heard }: Story): string {
  const posted = heard.flatMap((one) => (one.by === 'slack' ? [one] : []));
  const first = posted[0];
  if (first === undefined) return '';
  return `<div class="screen slack"><h4># ${shown(first.where)}</h4>
${some(posted, (one) => `<article${one.threadTs === undefined ? '' : ' class="answer"'}><p class="who"><span class="face" aria-hidden="true">m</span><b>mskeeper</b> <span class="app">APP</span> <time>${clockTime(one.clockMs)}</time>${one.threadTs === undefined ? '' : ` <span class="where">${one.isBroadcast ? 'in the thread, and in the channel' : 'in the thread'}</span>`}</p>${one.parts.map(partOf).join('')}</article>`)}
</div>`;
}

function partOf(part: SlackPart): string {
  if ('fields' in part) {
    const cells = part.fields.map((field) => {
      const [label = '', ...rest] = field.split('\n');
      return `<div><dt>${shown(label)}</dt><dd>${shown(rest.join(' '))}</dd></div>`;
    });
    return `<dl class="fields">${cells.join('')}</dl>`;
  }
  return part.kind === 'header'
    ? `<p class="header">${shown(part.text)}</p>`
    : `<p class="text">${shown(part.text)}</p>`;
}

function telephoneOf({ heard }: Story): string {
  const rung = heard.filter(isRinging);
  if (rung.length === 0) return '';
  return `<div class="screen telephone"><h4>Telephone</h4>
${some(rung, bubbleOf)}
</div>`;
}

function bubbleOf(one: Heard): string {
  if (one.by === 'sms')
    return `<article class="text-message"><p class="who">Message · ${shown(one.where)} <time>${clockTime(one.clockMs)}</time></p><p class="bubble">${shown(one.text)}</p><p class="quiet">${one.partCount === 1 ? 'one part' : `${one.partCount} parts`}</p></article>`;
  if (one.by !== 'pagerduty') return '';
  const how = one.urgency === 'high' ? 'calls' : 'shows';
  return `<article class="call"><p class="who">PagerDuty ${how} · ${shown(one.where)} <time>${clockTime(one.clockMs)}</time></p><p class="bubble">${shown(one.text)}</p><p class="quiet">${shown(one.what)} · ${shown(one.key)}</p></article>`;
}

function mailOf({ heard }: Story): string {
  const mails = heard.flatMap((one) => (one.by === 'mail' ? [one] : []));
  if (mails.length === 0) return '';
  return `<div class="screen mail"><h4>Mail</h4>
${some(mails, (one) => `<article><p class="who">to ${shown(one.where)} <time>${clockTime(one.clockMs)}</time></p><p class="header">${shown(one.subject)}</p><pre>${shown(one.text)}</pre></article>`)}
</div>`;
}
