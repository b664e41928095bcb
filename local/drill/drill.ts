import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import process from 'node:process';
import { describeWorld } from '../world/describe.ts';
import { openPhases } from '../world/phases.ts';
import { watchMemory } from '../world/process-memory.ts';
import { openWorld } from '../world/world.ts';
import type { RunCommand } from './command-line.ts';
import { type DrillReport, outcomeOf, type ScenarioReport } from './drill-report.ts';
import type { Progress } from './progress.ts';
import { renderReportPage } from './report-page.ts';
import { runScenario } from './run-scenario.ts';
import { worldFacts } from './world-facts.ts';

/**
 * Opens a world, runs the scenarios in it, writes the reports, and takes the world down again.
 *
 * @param onReport told once, before a world that is kept
 * @throws where the world cannot be made or taken down, and the signal's reason where it interrupts
 */
export const runDrill = async (
  command: RunCommand,
  signal: AbortSignal,
  progress: Progress,
  onReport: (report: DrillReport) => void,
): Promise<DrillReport> => {
  const startedAt = new Date().toISOString();
  const beganMs = performance.now();
  const phases = openPhases();
  const memory = watchMemory();
  const world = await openWorld({
    bootstrapServers: command.bootstrapServers,
    logFolder: resolve(command.outputFolder, 'logs'),
    signal,
    onProgress: progress.step,
    onFailure: progress.failure,
    phases,
  });
  try {
    const observer = {
      onMoment: progress.moment,
      onSettled: progress.expectation,
      onConclusion: progress.conclusion,
    };
    const told: ScenarioReport[] = [];
    for (const scenario of command.scenarios) {
      progress.step(`${scenario.name}: ${scenario.title}`);
      told.push(await phases.during('scenarios', () => runScenario(scenario, world, signal, observer)));
    }
    const facts = worldFacts(world, phases, memory.peakMiB());
    const report: DrillReport = {
      version: 1,
      startedAt,
      durationSeconds: (performance.now() - beganMs) / 1000,
      outcome: outcomeOf(told, facts.failures),
      world: facts,
      scenarios: told,
    };
    const page = await writeReports(report, command.outputFolder);
    progress.step(`What happened, with a picture: ${page}`);
    onReport(report);
    if (command.shouldKeep) {
      progress.step('The world stays up until Ctrl-C:');
      progress.plain(describeWorld(world));
      await interruptionOf(signal);
    }
    return report;
  } finally {
    memory.stop();
    await world.close();
  }
};

const writeReports = async (report: DrillReport, folder: string): Promise<string> => {
  await mkdir(folder, { recursive: true });
  const page = join(folder, 'report.html');
  await writeFile(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(page, renderReportPage(report));
  return relative(process.cwd(), page);
};

const interruptionOf = async (signal: AbortSignal): Promise<void> => {
  if (signal.aborted) return;
  // Nothing else may hold the process where brokers are somebody else's.
  const alive = setInterval(() => {}, 60_000);
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  clearInterval(alive);
};
