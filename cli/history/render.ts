import { colored, joined, type Shown, shown } from '../../infra/terminal/shown.ts';
import { columns, indented, type Look, onOneLine } from '../../infra/terminal/table.ts';
import { quietAfterMs } from '../../shared/acting/core/questions.ts';
import type { ActRecord } from '../../shared/acting/core/record.ts';
import { namesIn } from '../../shared/text/names.ts';
import { quotedUnlessPlain, renderDamaged } from '../damaged.ts';
import { utcOf } from '../utc.ts';
import type { History } from './records.ts';

/** What became of a cause, in a word. `under way` turns into `cut off` once nothing of it can be under way any more. */
export const wordOf = ({ end, tries }: ActRecord, nowMs: number): string => {
  if (end !== undefined) return end.decision === 'stopped' ? end.reason : end.decision.replace('-', ' ');
  const last = tries.at(-1);
  if (last === undefined) return 'cut off';
  if (last.withdrawn !== undefined) return `held: ${last.withdrawn.reason}`;
  return nowMs - last.atMs < quietAfterMs ? 'under way' : 'cut off';
};

const colorOf = (word: string) => {
  if (word === 'acted' || word === 'adopted') return 'green';
  if (word === 'would act') return 'gray';
  return word === 'under way' || word.startsWith('held') ? 'yellow' : 'red';
};

/** Who said yes or no, when, and why; last the first. */
const wordsOf = (approval: ActRecord['approval']): readonly string[] => {
  if (approval === undefined) return [];
  const { earlier = [], isRefused = false, ...last } = approval;
  return [last, ...earlier].map(({ by, atMs, comment, isProven }, index) => {
    const word = isRefused && index === 0 ? 'refused' : 'approved';
    const doubt = isProven === true ? '' : ' (not proven)';
    return `${word} by ${quotedUnlessPlain(by)}${doubt} at ${utcOf(atMs)}${comment === undefined ? '' : ` (${JSON.stringify(comment)})`}`;
  });
};

/** Answers that were neither a yes nor a no, and whose. */
const voidWordsOf = (answers: ActRecord['voidAnswers'] = []): readonly string[] =>
  answers.map(({ because, by, askedAtMs }) => {
    const who = by === undefined ? '' : ` by ${quotedUnlessPlain(by)}`;
    return `an answer${who} counted for nothing (${quotedUnlessPlain(because)}), asked at ${utcOf(askedAtMs)}`;
  });

/** What stands beneath a row: why not, if so; then its cause, by which call and by whose leave. */
const detailOf = ({ cause, end, tries, approval, voidAnswers }: ActRecord): readonly string[] => {
  const last = tries.at(-1);
  const why = end?.decision === 'stopped' ? end.message : end === undefined ? last?.withdrawn?.message : undefined;
  const requestId = end !== undefined && 'requestId' in end ? end.requestId : undefined;
  const facts = [
    cause,
    ...(requestId === undefined ? [] : [`request ${quotedUnlessPlain(requestId)}`]),
    ...wordsOf(approval),
    ...voidWordsOf(voidAnswers),
    ...(tries.length > 1 ? [`${tries.length} tries`] : []),
  ].join(', ');
  return [...(why === undefined ? [] : [why]), facts];
};

const counted = (words: readonly string[]): string =>
  [...Map.groupBy(words, (word) => word)].map(([word, { length }]) => `${length} ${word}`).join(', ');

/** A table, newest first: when it was planned, procedure, what became of it, the plan; details beneath. */
export const renderHistory = (
  { records, damaged, hasMore }: History,
  options: Look & { readonly nowMs: number; readonly sinceMs: number },
): Shown => {
  const words = records.map((record) => wordOf(record, options.nowMs));
  const rows = columns(
    records.map((record, index) => {
      const { plannedAtMs, procedure, plan } = record;
      const word = words[index] ?? '';
      return [
        utcOf(plannedAtMs),
        procedure,
        { text: word, color: colorOf(word) },
        onOneLine(`${plan.action}: ${plan.message}`, namesIn(record)),
      ];
    }),
    options,
  );
  const lines = rows.flatMap((row, index) => {
    const record = records[index];
    if (record === undefined) return [row];
    const names = namesIn(record);
    return [row, ...detailOf(record).map((detail) => indented(shown`    `, onOneLine(detail, names), options))];
  });
  const lost = damaged.map(({ key, message }) =>
    colored(renderDamaged(key, message, options), 'red', options.hasColors),
  );
  const since = `since ${utcOf(options.sinceMs)}`;
  const total = records.length === 0 ? `nothing ${since}` : `${counted(words)} ${since}`;
  const more = hasMore ? '; older ones are left out: --limit shows more' : '';
  const blank = lines.length + lost.length > 0 ? [shown``] : [];
  return joined([...lines, ...lost, ...blank, shown`${total}${more}`, shown``], '\n');
};
