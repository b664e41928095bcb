import { describe, expect, test } from 'vitest';
import type { Heard } from '../../../../../local/drill/people/heard.ts';
import { type Story, storyOf } from '../../../../../local/drill/people/story.ts';
import { renderStory } from '../../../../../local/drill/people/story-page.ts';
import { drawStory } from '../../../../../local/drill/people/story-picture.ts';

const minuteMs = 60_000;

const posted = (minutes: number, text: string, more: Partial<Extract<Heard, { by: 'slack' }>> = {}): Heard => ({
  by: 'slack',
  clockMs: minutes * minuteMs,
  where: 'C1',
  ts: String(minutes),
  isBroadcast: false,
  parts: [{ kind: 'header', text }, { kind: 'text', text: 'says' }, { fields: ['Since\n02:00'] }],
  ...more,
});
const texted = (minutes: number): Heard => ({
  by: 'sms',
  clockMs: minutes * minuteMs,
  where: '+15550100',
  text: 'P0 drill: broker 2 is down',
  partCount: 1,
});

const story = (told: Partial<Story> = {}): Story => ({
  title: 'Nobody answers',
  how: 'made up',
  fromMs: 0,
  untilMs: 100 * minuteMs,
  heard: [posted(0, '[P1] drill: broker 2 is down'), texted(50), posted(100, '[P1 closed] drill', { threadTs: '0' })],
  signs: [{ clockMs: 0, label: 'broker 2 dies', tone: 'bad' }],
  ...told,
});

const marksOf = (picture: string): readonly (readonly string[])[] =>
  [...picture.matchAll(/<g class="heard (\w+)" transform="translate\(([\d.]+) [\d.]+\)">/g)].map(
    ([, tone = '', x = '']) => [tone, x],
  );

describe('the picture of an incident', () => {
  test('has a row for each way, telephones first, and each message at its time', () => {
    const picture = drawStory(story());
    expect([...picture.matchAll(/<text class="way"[^>]*>([^<]*)</g)].map(([, name]) => name)).toEqual([
      'Text to +15550100',
      'Slack C1',
    ]);
    expect(marksOf(picture)).toEqual([
      ['bad', '705.0'],
      ['bad', '250.0'],
      ['good', '1160.0'],
    ]);
  });

  test('tells what happened by upright lines with words', () => {
    expect(drawStory(story())).toMatch(/<line class="sign bad" x1="250.0"[^>]*>.*broker 2 dies/);
  });

  test('is drawn where nothing lasted', () => {
    expect(drawStory(story({ untilMs: 0, heard: [texted(0)] }))).not.toMatch(/NaN|Infinity/);
  });
});

describe('the messages of an incident', () => {
  test('look as in Slack, on a telephone and in a mail; a channel that nobody used is not there', () => {
    const page = renderStory(story());
    expect(page).toContain('<p class="header">[P1] drill: broker 2 is down</p>');
    expect(page).toContain('<dt>Since</dt><dd>02:00</dd>');
    expect(page).toContain('<p class="bubble">P0 drill: broker 2 is down</p>');
    expect(page).toContain('one part');
    expect(page).not.toContain('<h4>Mail</h4>');
  });

  test('of an answer say that it stands in the thread, and where in the channel, too', () => {
    const answer = (isBroadcast: boolean) => posted(1, 'raised', { threadTs: '0', isBroadcast });
    expect(renderStory(story({ heard: [answer(true)] }))).toContain('in the thread, and in the channel');
    expect(renderStory(story({ heard: [answer(false)] }))).not.toContain('and in the channel');
  });

  test('of many are the first and the last, and how many were left out', () => {
    const heard = Array.from({ length: 20 }, (_, index) => posted(index, `message ${index}.`));
    const page = renderStory(story({ heard }));
    expect(page).toContain('message 3.');
    expect(page).not.toContain('message 4.</p>');
    expect(page).toContain('… 12 more …');
    expect(page).toContain('message 16.');
  });

  test('are as their readers see them: what was escaped in them is not escaped once more', () => {
    expect(renderStory(story({ heard: [posted(0, String.raw`topic \u{3c}b\u{3e}`)] }))).toContain(
      String.raw`topic \u{3c}b\u{3e}`,
    );
    expect(renderStory(story({ heard: [posted(0, 'a\u202eb')] }))).toContain(String.raw`a\u{202e}b`);
  });

  test('load nothing and run nothing', () => {
    const page = renderStory(story({ heard: [posted(0, '<script src=x>'), texted(1)] }));
    expect(page).not.toMatch(/<script|<[^>]* (src|href|on\w+)=|url\(|@import/);
    expect(page).toContain('&lt;script src=x&gt;');
  });
});

test('a story is what lies within its time', () => {
  const { heard, signs } = storyOf(story({ fromMs: 1, untilMs: 60 * minuteMs }));
  expect(heard.map(({ by }) => by)).toEqual(['sms']);
  expect(signs).toEqual([]);
});
