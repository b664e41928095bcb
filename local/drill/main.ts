import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import process from 'node:process';
import { LocalKafkaError } from '../kafka/errors.ts';
import { openWorld, type World } from '../world.ts';
import { help, parseCommandLine, UsageError } from './command-line.ts';
import { type DrillReport, outcomeOf, type ScenarioReport } from './drill-report.ts';
import { renderSummary, sayExpectation, sayMoment, sayStep } from './progress.ts';
import { renderReportPage } from './report-page.ts';
import { runScenario } from './run-scenario.ts';
import { scenarios } from './scenarios.ts';

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interruption.abort(new Error(name)));

const keep = async (world: World): Promise<void> => {
  sayStep('The world stays up until Ctrl-C:');
  process.stderr.write(`${world.describe()}\n`);
  if (!interruption.signal.aborted)
    await new Promise((resolve) => interruption.signal.addEventListener('abort', resolve, { once: true }));
};

const drill = async (
  command: Extract<ReturnType<typeof parseCommandLine>, { action: 'run' }>,
): Promise<DrillReport> => {
  const startedAt = new Date().toISOString();
  const beganMs = performance.now();
  const { signal } = interruption;
  const world = await openWorld({ bootstrapServers: command.bootstrapServers, signal, onProgress: sayStep });
  try {
    const told: ScenarioReport[] = [];
    for (const scenario of command.scenarios) {
      sayStep(`${scenario.name}: ${scenario.title}`);
      told.push(await runScenario(scenario, world, signal, { onMoment: sayMoment, onSettled: sayExpectation }));
    }
    const report: DrillReport = {
      version: 1,
      startedAt,
      durationSeconds: (performance.now() - beganMs) / 1000,
      outcome: outcomeOf(told),
      world: world.facts(),
      scenarios: told,
    };
    await writeReports(report, command.outputFolder);
    if (command.shouldKeep) await keep(world);
    return report;
  } finally {
    await world.close();
  }
};

const writeReports = async (report: DrillReport, folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true });
  const page = join(folder, 'report.html');
  await writeFile(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(page, renderReportPage(report));
  sayStep(`What happened, with a picture: ${relative(process.cwd(), page)}`);
};

/** @returns the exit status: 0 passed, 1 failed, 2 not fit to run, 130 interrupted */
const main = async (): Promise<number> => {
  const command = parseCommandLine(process.argv.slice(2), scenarios);
  if (command.action === 'help') process.stdout.write(help);
  if (command.action === 'list')
    for (const { name, title, runbookRows } of scenarios)
      process.stdout.write(`${name.padEnd(14)} ${title} (${runbookRows.join(', ')})\n`);
  if (command.action !== 'run') return 0;
  const report = await drill(command);
  process.stdout.write(command.isJson ? `${JSON.stringify(report)}\n` : `\n${renderSummary(report)}\n`);
  return report.outcome === 'passed' ? 0 : 1;
};

try {
  process.exitCode = await main();
} catch (error) {
  if (interruption.signal.aborted) {
    process.stderr.write('Interrupted; nothing was left running.\n');
    process.exitCode = 130;
  } else {
    const isExpected = error instanceof UsageError || error instanceof LocalKafkaError;
    const text = error instanceof Error ? (isExpected ? error.message : error.stack) : String(error);
    process.stderr.write(`${text}\n`);
    process.exitCode = isExpected ? 2 : 1;
  }
}
