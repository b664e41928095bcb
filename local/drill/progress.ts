import { stripVTControlCharacters, styleText } from 'node:util';
import { beginningOfPrintable, printable, printableLines } from '../../shared/text/printable.ts';
import type { Expectation } from './drill-report.ts';
import type { Moment, Tone } from './timeline.ts';

/** Where progress goes: standard error, so that `--json` leaves standard output to the machine. */
export type Terminal = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

export type Progress = {
  readonly step: (text: string) => void;
  readonly moment: (moment: Moment) => void;
  readonly expectation: (expectation: Expectation) => void;
  readonly conclusion: (sentence: string) => void;
  readonly failure: (sentence: string) => void;
  /** Lines as they are: what people copy is never cut. */
  readonly plain: (text: string) => void;
};

const styleByTone = { good: 'green', bad: 'red', warn: 'yellow', neutral: 'dim' } as const satisfies Record<
  Tone,
  string
>;

/** @param terminal its width cuts long lines where it is one; NO_COLOR and FORCE_COLOR are honoured */
export const openProgress = (terminal: Terminal): Progress => {
  const paint = (style: Parameters<typeof styleText>[0], text: string): string =>
    styleText(style, text, { stream: terminal });
  const width = (): number => (terminal.isTTY && terminal.columns ? terminal.columns : Number.POSITIVE_INFINITY);
  const say = (line: string): void => void terminal.write(`${line}\n`);
  /** `lead` is painted already, `text` is cut to what remains of the line. */
  const sayCut = (lead: string, style: Parameters<typeof styleText>[0] | undefined, text: string): void => {
    const cut = cutTo(width() - stripVTControlCharacters(lead).length, text);
    say(`${lead}${style === undefined ? cut : paint(style, cut)}`);
  };
  const isNews = openNews();
  return {
    step: (text) => sayCut(`${paint('cyan', '▸')} `, undefined, text),
    moment: (moment) => {
      if (!isNews(moment)) return;
      const { atMs, subject, label, tone } = moment;
      const about = label.includes(subject) ? '' : ` (${subject})`;
      sayCut(`${paint('dim', `${(atMs / 1000).toFixed(1).padStart(7)} s`)}  `, styleByTone[tone], `${label}${about}`);
    },
    expectation: ({ text, isMet, seen, afterSeconds }) => {
      const after = afterSeconds === undefined ? '' : `, waited ${afterSeconds.toFixed(1)} s`;
      sayCut(isMet ? paint('green', '    ✓ ') : paint('red', '    ✗ '), undefined, `${text}${after}`);
      // What was seen instead is why somebody reads on: it is never cut.
      if (isMet) sayCut('      ', 'dim', seen);
      else say(`      ${printable(seen)}`);
    },
    conclusion: (sentence) => say(`${paint('cyan', '▸')} ${printable(sentence)}`),
    failure: (sentence) => say(`${paint('red', '✗')} ${printable(sentence)}`),
    plain: (text) => say(printableLines(text)),
  };
};

/** @param width in columns; a text that fits is left alone */
export const cutTo = (width: number, text: string): string => {
  const line = printable(text.replace(/\s+/g, ' '));
  return line.length <= width ? line : `${beginningOfPrintable(line, Math.max(0, width - 1))}…`;
};

/**
 * A finding that the next run tells again is no news, nor is a function that another function invoked and that ended
 * well. The report has them all.
 */
const openNews = (): ((moment: Moment) => boolean) => {
  const lastBySubject = new Map<string, string>();
  return ({ lane, subject, label, tone }) => {
    if (lane === 'functions') return tone === 'bad' || label.includes('woken by');
    if (lane !== 'findings') return true;
    const isNew = lastBySubject.get(subject) !== label;
    lastBySubject.set(subject, label);
    return isNew;
  };
};
