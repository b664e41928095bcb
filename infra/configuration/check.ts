/**
 * Checks mskeeper.yml: `node infra/configuration/check.ts [--file mskeeper.yml] [--json]`. Exit status 0 for a sound file,
 * 1 for a wrong one, 2 where it could not be read or the command line is wrong.
 */
import type { Configuration } from '../../shared/core/configuration.ts';
import { findNextOpening } from '../../shared/core/maintenance-window.ts';
import { printable } from '../../shared/text/printable.ts';
import { runCommand } from '../command-line.ts';
import { print, printError } from '../terminal/print.ts';
import { shownJson } from '../terminal/shown.ts';
import { formatMistakes, formatPath, type LocatedMistake } from './mistake.ts';
import { judgeFile } from './resolve-configuration.ts';

const usage = `Checks mskeeper.yml and tells every mistake at once.

  node infra/configuration/check.ts [--file mskeeper.yml] [--json]

  --file   the file to check (default: mskeeper.yml)
  --json   {"file", "isValid", "mistakes": [{path, line, column, message}], "unread": [the same, of what nothing reads yet],
           "warnings": [the same, of schedules that end or stay away for long, and of settings that do nothing]}
  --help   this text

Exit status: 0 sound, 1 wrong, 2 not readable.`;

const summarize = (file: string, configuration: Configuration, nowMs: number): string => {
  const { clusters, policy, modes, maintenanceWindows, timeZone } = configuration;
  const next = findNextOpening(maintenanceWindows, nowMs);
  const acting = Object.entries(modes).flatMap(([name, mode]) => (mode === 'act' ? [name] : []));
  return [
    `${file} is sound.`,
    ...Object.entries(clusters).map(
      ([key, { name, region, role, brokerCount, brokerKind, authentication }]) =>
        `  cluster ${key}: ${printable(name)} in ${region}, ${role}, ${brokerCount} ${brokerKind} brokers, ${authentication.kind}`,
    ),
    `  policy: ${policy.preset}, ${Object.keys(policy.limits).length} limits, ${Object.keys(policy.floors).length} floors`,
    `  may act: ${acting.length === 0 ? 'nothing' : acting.join(', ')}`,
    `  next maintenance window: ${next === undefined ? 'none' : `${printable(next.window.name)}, ${new Date(next.opensAtMs).toISOString()}`}`,
    `  schedules in ${timeZone}`,
  ].join('\n');
};

await runCommand({
  help: usage,
  options: { file: { type: 'string', default: 'mskeeper.yml' }, json: { type: 'boolean', default: false } },
  failureStatus: 2,
  run: ({ values }) => {
    const { configuration, mistakes, unread, warnings } = judgeFile(values.file);
    const tell = (found: readonly LocatedMistake[]) =>
      found.map((mistake) => ({ ...mistake, path: formatPath(mistake.path) }));
    if (values.json) {
      const isValid = configuration !== undefined;
      const told = { mistakes: tell(mistakes), unread: tell(unread), warnings: tell(warnings) };
      print(`${shownJson({ file: values.file, isValid, ...told }, 2)}\n`);
    } else if (configuration !== undefined) {
      print(`${summarize(values.file, configuration, Date.now())}\n`);
      const notes = [...warnings, ...unread];
      if (notes.length > 0) print(`${formatMistakes(values.file, notes)}\n`);
    } else
      printError(
        `${formatMistakes(values.file, mistakes)}\n${mistakes.length === 1 ? '1 mistake' : `${mistakes.length} mistakes`}\n`,
      );
    return configuration === undefined ? 1 : 0;
  },
});
