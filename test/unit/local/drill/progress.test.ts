import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { cutTo, openProgress } from '../../../../local/drill/progress.ts';
import type { Moment } from '../../../../local/drill/timeline.ts';

const open = (columns?: number) => {
  const lines: string[] = [];
  const stream = new Writable({
    write: (chunk, _, done) => {
      lines.push(String(chunk).trimEnd());
      done();
    },
  });
  const terminal = Object.assign(stream, columns === undefined ? {} : { isTTY: true, columns });
  return { lines, progress: openProgress(terminal) };
};

const finding = (label: string): Moment => ({
  atMs: 1_000,
  clockMs: 0,
  lane: 'findings',
  subject: 'broker-answers: broker 2',
  label,
  tone: 'bad',
});

test('a finding that the next run tells again is no news; one that changes is', () => {
  const { lines, progress } = open();
  for (const label of ['critical: gone', 'critical: gone', 'warning: slow', 'critical: gone'])
    progress.moment(finding(label));
  expect(lines.map((line) => /(critical|warning): \w+/.exec(line)?.[0])).toEqual([
    'critical: gone',
    'warning: slow',
    'critical: gone',
  ]);
});

test('a function that another one invoked is told only where it failed', () => {
  const { lines, progress } = open();
  const run: Moment = { ...finding('read ran, 40 ms'), lane: 'functions', subject: 'read', tone: 'good' };
  progress.moment(run);
  progress.moment({ ...run, label: 'read ran, woken by schedule light, 40 ms' });
  progress.moment({ ...run, label: 'read ended: timeout', tone: 'bad' });
  expect(lines).toHaveLength(2);
});

test('long lines are cut to the width of a terminal, and left whole in a file', () => {
  const long = 'word '.repeat(60).trim();
  const narrow = open(60);
  narrow.progress.step(long);
  narrow.progress.moment(finding(long));
  narrow.progress.expectation({ text: long, isMet: true, seen: long });
  for (const line of narrow.lines) expect(stripVTControlCharacters(line).length).toBe(60);
  const file = open();
  file.progress.step(long);
  expect(file.lines[0]).toContain(long);
});

test('what was seen instead of what was expected is never cut', () => {
  const seen = 'x'.repeat(200);
  const { lines, progress } = open(60);
  progress.expectation({ text: 'it is so', isMet: false, seen });
  expect(lines[1]).toContain(seen);
});

test('lines of several become one before they are cut', () => {
  expect(cutTo(80, 'a\n  b')).toBe('a b');
  expect(cutTo(3, 'abcdef')).toBe('ab…');
  expect(cutTo(6, 'abcdef')).toBe('abcdef');
});

test('no colour goes where nobody can see it', () => {
  const { lines, progress } = open();
  progress.moment(finding('critical: gone'));
  expect(lines[0]).toBe(stripVTControlCharacters(lines[0] ?? ''));
});
