import type { Deployment } from '../../shared/deployment/deployment.ts';
import { operationOf } from '../../shared/deployment/operations.ts';
import { estimateCost } from '../bill/cost-estimate.ts';
import { costByBrokersTable, costTable } from '../bill/cost-table.ts';
import { planFunctions, type Registry, slugOf } from '../functions.ts';
import { parseScheduleExpression } from '../schedules/schedule-expression.ts';
import { exampleConfiguration, exampleKey } from './example.ts';

/** A part of a document that the registry writes: what stands between `<!-- name -->` and `<!-- /name -->`. */
export type Block = { readonly file: string; readonly name: string; readonly text: string };

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(row)].join('\n');

const wordsOfSchedule = (expression: string): string => {
  const schedule = parseScheduleExpression(expression);
  if (schedule.kind === 'cron') return `\`${expression}\``;
  return schedule.minutes === 1 ? 'every minute' : `every ${schedule.minutes} minutes`;
};

/** What wakes a procedure, in the order of how often. */
const wakersOf = (folder: string, { schedules = {}, wokenByAlarms, busEvents = [] }: Deployment): string => {
  if (folder.startsWith('kafka/')) return 'the procedures, by invocation';
  return [
    ...Object.entries(schedules).map(([scope, { usual }]) => `${wordsOfSchedule(usual)} (${scope})`),
    ...(wokenByAlarms === true ? ['its alarms'] : []),
    ...busEvents.map((type) => `the event \`${type}\``),
    'by hand',
  ].join(', ');
};

const changesOf = (folder: string, deployment: Deployment): string => {
  const changes = planFunctions({ [folder]: deployment }).flatMap(({ calls }) =>
    Object.keys(calls).flatMap((name) => operationOf(name).changes ?? []),
  );
  return changes.length === 0 ? 'nothing' : `${[...new Set(changes)].join(', ')}, in mode \`act\``;
};

const drillsOf = ({ drills }: Deployment): string => drills.map((name) => `\`npm run drill -- ${name}\``).join(', ');

const procedureTable = (registry: Registry): string =>
  table(
    ['procedure', 'woken by', 'what it may change', 'folder', 'drill'],
    Object.entries(registry).map(([folder, deployment]) => [
      `[${slugOf(folder)}](docs/runbook/${slugOf(folder)}.md): ${deployment.does}`,
      wakersOf(folder, deployment),
      changesOf(folder, deployment),
      `\`functions/${folder}\``,
      drillsOf(deployment),
    ]),
  );

const runbookTable = (registry: Registry): string =>
  table(
    ['page', 'what it is', 'may change', 'rows of the runbook'],
    Object.entries(registry).map(([folder, deployment]) => [
      `[${slugOf(folder)}](${slugOf(folder)}.md)`,
      deployment.does,
      changesOf(folder, deployment),
      deployment.answers.join(', '),
    ]),
  );

/** Every block that `npm run docs` writes. */
export const planBlocks = (registry: Registry): readonly Block[] => [
  { file: 'README.md', name: 'procedures', text: procedureTable(registry) },
  { file: 'docs/runbook/README.md', name: 'runbook', text: runbookTable(registry) },
  { file: 'docs/deploy.md', name: 'cost', text: costTable(estimateCost(exampleConfiguration(), exampleKey)) },
  {
    file: 'docs/deploy.md',
    name: 'cost by brokers',
    text: costByBrokersTable(exampleConfiguration(), exampleKey, [3, 30, 60]),
  },
];

/**
 * A document with a block's text in its place.
 *
 * @throws Error where the document has no such place, or two
 */
export const withBlock = (document: string, { file, name, text }: Block): string => {
  const [open, close] = [`<!-- ${name} -->\n`, `\n<!-- /${name} -->`];
  const [before = '', inside, ...more] = document.split(open);
  const [, ...after] = inside?.split(close) ?? [];
  if (inside === undefined || more.length > 0 || after.length !== 1)
    throw new Error(`${file} must have "${open.trim()}" and "${close.trim()}" once each, on lines of their own`);
  return `${before}${open}${text}${close}${after.join('')}`;
};
