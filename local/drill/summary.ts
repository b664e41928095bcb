import { columns } from '../../infra/terminal/table.ts';
import { printable } from '../../shared/text/printable.ts';
import type { DrillReport } from './drill-report.ts';

/** The table at the end, what the world took and weighed, and a closing line that counts. */
export function renderSummary(report: DrillReport): string {
  const { world, scenarios } = report;
  const rows = scenarios.map(({ name, outcome, durationSeconds, expectations }) => {
    const met = expectations.filter(({ isMet }) => isMet).length;
    return [name, outcome, `${met}/${expectations.length}`, `${durationSeconds.toFixed(1)} s`];
  });
  const lines = columns([['scenario', 'outcome', 'met', 'took'], ...rows], { hasColors: false });
  const passed = scenarios.filter(({ outcome }) => outcome === 'passed').length;
  return [
    ...lines,
    '',
    ...scenarios.flatMap(({ conclusions }) => conclusions).map(printable),
    ...world.failures.map(printable),
    `Took: ${describePhases(world.phaseSeconds)}; ${report.durationSeconds.toFixed(1)} s in all.`,
    `Memory of all processes together: ${describeMemory(world.peakMemoryMiB)}.`,
    ...(world.areBrokersOwn ? [] : ["The brokers were not the drill's own."]),
    `${passed} passed, ${scenarios.length - passed} failed${world.failures.length > 0 ? ', and the world itself broke' : ''}`,
  ].join('\n');
}

/** `brokers 3.4 s, packaging 5.2 s` */
export const describePhases = (phaseSeconds: DrillReport['world']['phaseSeconds']): string =>
  Object.entries(phaseSeconds)
    .map(([name, seconds]) => `${name} ${seconds.toFixed(1)} s`)
    .join(', ');

export const describeMemory = (peakMemoryMiB: number | undefined): string =>
  peakMemoryMiB === undefined ? 'not measured on this machine' : `at most ${peakMemoryMiB} MiB`;
