import process from 'node:process';
import { UsageError } from '../../infra/command-line.ts';
import { print } from '../../infra/terminal/print.ts';
import { shownJson } from '../../infra/terminal/shown.ts';
import { ConfigError } from '../../shared/core/errors.ts';
import { textOfAny } from '../../shared/text/any-value.ts';
import { LocalKafkaError } from '../kafka/errors.ts';
import { quietNegativeTimeouts } from '../quiet-warnings.ts';
import { WorldError } from '../world/brokers.ts';
import { CloseError } from '../world/closers.ts';
import { help, parseCommandLine } from './command-line.ts';
import { runDrill } from './drill.ts';
import { listenForInterruption } from './interruption.ts';
import { invokeFunction } from './invoke.ts';
import { openProgress } from './progress.ts';
import { drills } from './scenarios/scenarios.ts';
import { renderSummary } from './summary.ts';

const progress = openProgress(process.stderr);
let interruption: AbortSignal | undefined;

/** @returns the exit status: 0 passed, 1 failed */
const main = async (): Promise<number> => {
  const command = parseCommandLine(process.argv.slice(2), drills);
  switch (command.action) {
    case 'help':
      print(help);
      return 0;
    case 'list':
      for (const { name, title, runbookRows } of drills.all)
        print(`${name.padEnd(14)} ${title} (${runbookRows.join(', ')})\n`);
      return 0;
    case 'invoke': {
      const { answer, failure } = await invokeFunction(command.functionName, command.event, process.env);
      print(`${answer}\n`);
      return failure === undefined ? 0 : 1;
    }
    case 'run': {
      quietNegativeTimeouts();
      interruption = listenForInterruption(progress.step);
      const report = await runDrill(command, interruption, progress, (told) =>
        print(command.isJson ? `${shownJson(told)}\n` : `\n${renderSummary(told)}\n`),
      );
      return report.outcome === 'passed' ? 0 : 1;
    }
    default:
      return command satisfies never;
  }
};

const textOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : textOfAny(error));

const unfit = [UsageError, LocalKafkaError, WorldError, ConfigError];

try {
  process.exitCode = await main();
} catch (error) {
  if (interruption?.aborted) {
    // An interrupted part may fail in any way; only where taking down failed is there something to say.
    progress.plain(
      error instanceof CloseError ? `Interrupted; ${error.message}` : 'Interrupted; nothing was left running.',
    );
    process.exitCode = 130;
  } else {
    const isExpected = unfit.some((kind) => error instanceof kind);
    progress.plain(isExpected && error instanceof Error ? error.message : textOf(error));
    process.exitCode = isExpected ? 2 : 1;
  }
}
// The traffic's clients still look for brokers that are gone. What was printed to a pipe is waited for.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))));
process.exit();
