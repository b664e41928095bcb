import type { DrillReport, ScenarioReport } from './drill-report.ts';
import { escapeMarkup } from './markup.ts';
import { renderStory } from './people/story-page.ts';
import { storyStyle } from './people/story-style.ts';
import { reportStyle } from './report-style.ts';
import { describeMemory, describePhases } from './summary.ts';
import type { Moment } from './timeline.ts';
import { clockTime, drawTimeline } from './timeline-picture.ts';

/** The drill's report as one HTML page that loads nothing: it can be attached to a ticket and still be read. */
export const renderReportPage = ({
  world,
  scenarios,
  outcome,
  startedAt,
  durationSeconds,
}: DrillReport): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>mskeeper drill: ${outcome}</title>
<style>${reportStyle}${storyStyle}</style>
</head>
<body>
<header>
<h1>Drill <span class="verdict ${outcome}">${outcome}</span></h1>
<p>${escapeMarkup(startedAt)} · ${durationSeconds.toFixed(0)} s · Kafka ${escapeMarkup(world.kafkaVersion)}, ${world.brokerCount} brokers${world.areBrokersOwn ? '' : " that are not the drill's own"} · cluster <code>${escapeMarkup(world.clusterKey)}</code></p>
<p class="quiet">Took ${describePhases(world.phaseSeconds)}. Memory of all processes together: ${describeMemory(world.peakMemoryMiB)}.</p>
${world.failures.map((failure) => `<p class="failure">${escapeMarkup(failure)}</p>`).join('\n')}
</header>
<main>
${scenarios.map((scenario) => renderScenario(scenario, world.clockRate)).join('\n')}
<section>
<h2>What was real, and what was not</h2>
<ul>
<li>Brokers, their answers and every call through the AWS SDK were real; AWS itself was stood in for on this machine.</li>
<li>Measured on the brokers: ${listOf(world.measuredMetrics)}</li>
<li>Made up, so nothing is proved about them: ${listOf(world.synthesisedMetrics)}</li>
${world.scales.map((scale) => `<li>${escapeMarkup(scale)}</li>`).join('\n')}
</ul>
</section>
</main>
</body>
</html>
`;

const listOf = (names: readonly string[]): string =>
  names.length === 0 ? 'none' : names.map((name) => `<code>${escapeMarkup(name)}</code>`).join(', ');

const renderScenario = (scenario: ScenarioReport, clockRate: number): string => `<section>
<h2>${escapeMarkup(scenario.name)} <span class="verdict ${scenario.outcome}">${scenario.outcome}</span></h2>
<p>${escapeMarkup(scenario.title)} <span class="quiet">Runbook rows ${scenario.runbookRows.map(escapeMarkup).join(', ')} · ${scenario.durationSeconds.toFixed(1)} s</span></p>
${scenario.failure === undefined ? '' : `<p class="failure">${escapeMarkup(scenario.failure)}</p>`}
${scenario.conclusions.map((sentence) => `<p class="conclusion">${escapeMarkup(sentence)}</p>`).join('\n')}
<figure><div class="wide" tabindex="0" role="group" aria-label="Timeline of ${escapeMarkup(scenario.name)}">${drawTimeline(scenario.moments, scenario.durationSeconds * 1000, clockRate, scenario.charts)}</div>
<figcaption>${legend}</figcaption></figure>
${scenario.stories.map(renderStory).join('\n')}
<table class="expectations">
<thead><tr><th scope="col">Expected</th><th scope="col">Met</th><th scope="col">Seen</th><th scope="col" class="number">Waited</th></tr></thead>
<tbody>
${scenario.expectations.map((row) => `<tr><td class="expected">${escapeMarkup(row.text)}</td><td>${row.isMet ? '<span class="verdict passed">yes</span>' : '<span class="verdict failed">no</span>'}</td><td>${escapeMarkup(row.seen)}</td><td class="number">${row.afterSeconds === undefined ? '' : `${row.afterSeconds.toFixed(1)} s`}</td></tr>`).join('\n')}
</tbody></table>
<dl>${Object.entries(scenario.measurements)
  .map(([name, value]) => `<div><dt>${escapeMarkup(name)}</dt><dd>${escapeMarkup(String(value))}</dd></div>`)
  .join('')}</dl>
<details><summary>Every moment (${scenario.moments.length})</summary>
<div class="wide"><table><thead><tr><th scope="col" class="number">At</th><th scope="col" class="clock">World's clock</th><th scope="col">Subject</th><th scope="col">What</th></tr></thead><tbody>
${scenario.moments.map(renderMoment).join('\n')}
</tbody></table></div></details>
</section>`;

const renderMoment = ({ tone, atMs, clockMs, subject, label }: Moment): string =>
  `<tr class="${tone}"><td class="number">${(atMs / 1000).toFixed(2)} s</td><td class="clock">${clockTime(clockMs)}</td><td class="subject">${escapeMarkup(subject)}</td><td>${escapeMarkup(label)}</td></tr>`;

const legend =
  '<span class="key bad">▲</span> wrong · <span class="key warn">◆</span> warning · <span class="key good">●</span> well · <span class="key neutral">■</span> neither · bars last, hatched ones are wrong · dashed lines are faults, made or undone';
