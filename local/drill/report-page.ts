import type { DrillReport, ScenarioReport } from './drill-report.ts';
import { escapeMarkup } from './markup.ts';
import { drawTimeline } from './timeline-picture.ts';

/** The drill's report as one HTML page that loads nothing: it can be attached to a ticket and still be read. */
export const renderReportPage = (report: DrillReport): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>mskeeper drill: ${report.outcome}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>Drill <span class="verdict ${report.outcome}">${report.outcome}</span></h1>
<p>${escapeMarkup(report.startedAt)} · ${report.durationSeconds.toFixed(0)} s · Kafka ${escapeMarkup(report.world.kafkaVersion)}, ${report.world.brokerCount} brokers · cluster <code>${escapeMarkup(report.world.clusterKey)}</code></p>
</header>
${report.scenarios.map(renderScenario).join('\n')}
<section>
<h2>What was real, and what was not</h2>
<ul>
<li>Brokers, their answers and every call through the AWS SDK were real; AWS itself was stood in for on this machine.</li>
<li>Measured on the brokers: ${listOf(report.world.measuredMetrics)}</li>
<li>Made up, so nothing is proved about them: ${listOf(report.world.synthesisedMetrics)}</li>
${report.world.scales.map((scale) => `<li>${escapeMarkup(scale)}</li>`).join('\n')}
</ul>
</section>
</body>
</html>
`;

const listOf = (names: readonly string[]): string =>
  names.length === 0 ? 'none' : names.map((name) => `<code>${escapeMarkup(name)}</code>`).join(' ');

const renderScenario = (scenario: ScenarioReport): string => `<section>
<h2>${escapeMarkup(scenario.name)} <span class="verdict ${scenario.outcome}">${scenario.outcome}</span></h2>
<p>${escapeMarkup(scenario.title)} <span class="quiet">Runbook rows ${scenario.runbookRows.map(escapeMarkup).join(', ')} · ${scenario.durationSeconds.toFixed(1)} s</span></p>
${scenario.failure === undefined ? '' : `<p class="failure">${escapeMarkup(scenario.failure)}</p>`}
<figure>${drawTimeline(scenario.moments, scenario.durationSeconds * 1000)}
<figcaption>${legend}</figcaption></figure>
<table>
<thead><tr><th>Expected</th><th></th><th>Seen</th><th class="number">After</th></tr></thead>
<tbody>
${scenario.expectations.map((row) => `<tr><td>${escapeMarkup(row.text)}</td><td>${row.isMet ? '<span class="verdict passed">yes</span>' : '<span class="verdict failed">no</span>'}</td><td>${escapeMarkup(row.seen)}</td><td class="number">${row.afterSeconds === undefined ? '' : `${row.afterSeconds.toFixed(1)} s`}</td></tr>`).join('\n')}
</tbody></table>
<dl>${Object.entries(scenario.measurements)
  .map(([name, value]) => `<div><dt>${escapeMarkup(name)}</dt><dd>${escapeMarkup(String(value))}</dd></div>`)
  .join('')}</dl>
<details><summary>Every moment (${scenario.moments.length})</summary>
<table><thead><tr><th class="number">At</th><th>World's clock</th><th>Subject</th><th>What</th></tr></thead><tbody>
${scenario.moments.map((moment) => `<tr class="${moment.tone}"><td class="number">${(moment.atMs / 1000).toFixed(2)} s</td><td>${new Date(moment.clockMs).toISOString().slice(11, 19)}</td><td>${escapeMarkup(moment.subject)}</td><td>${escapeMarkup(moment.label)}</td></tr>`).join('\n')}
</tbody></table></details>
</section>`;

const legend =
  '<span class="key bad">▲</span> wrong <span class="key warn">◆</span> warning <span class="key good">●</span> well <span class="key neutral">●</span> told · bars last · times are real seconds';

const style = `
:root { color-scheme: light dark; --ink: #1c2430; --quiet: #667085; --paper: #fff; --stripe: #f5f7fa; --line: #d9dfe7; --good: #2f855a; --bad: #c53030; --warn: #c27803; --neutral: #4a6fa5; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --quiet: #98a2b3; --paper: #14181f; --stripe: #1b212b; --line: #303947; --good: #4fb286; --bad: #f07178; --warn: #e6b450; --neutral: #7da2d6; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 1160px; margin: 2rem auto; padding: 0 1rem; }
h1, h2 { line-height: 1.2; } h2 { margin-top: 2.5rem; }
.verdict { font-size: .6em; vertical-align: middle; padding: .15em .6em; border-radius: 1em; color: #fff; font-weight: 600; }
td .verdict { font-size: .85em; }
.verdict.passed { background: var(--good); } .verdict.failed { background: var(--bad); }
.quiet { color: var(--quiet); } .failure { color: var(--bad); white-space: pre-wrap; }
figure { margin: 1rem 0; overflow-x: auto; } figcaption { color: var(--quiet); font-size: .85em; }
.timeline { min-width: 900px; width: 100%; font-size: 12px; } .timeline text { fill: var(--ink); }
.timeline .tick { fill: var(--quiet); text-anchor: middle; } .timeline .grid { stroke: var(--line); }
.timeline .stripe { fill: var(--stripe); }
.bar.good, .point.good { fill: var(--good); } .bar.bad, .point.bad { fill: var(--bad); } .bar.warn, .point.warn { fill: var(--warn); } .bar.neutral, .point.neutral { fill: var(--neutral); }
.key.good { color: var(--good); } .key.bad { color: var(--bad); } .key.warn { color: var(--warn); } .key.neutral { color: var(--neutral); }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
.number { text-align: right; white-space: nowrap; }
dl { display: flex; flex-wrap: wrap; gap: .5rem 2rem; } dt { color: var(--quiet); font-size: .85em; } dd { margin: 0; font-weight: 600; }
tr.bad td { color: var(--bad); } details { margin-top: 1rem; }
`;
