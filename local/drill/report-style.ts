/** The page's style. Colours are told apart by people who see no red or green, in light and in dark, together with shapes. */
export const reportStyle = `
:root { color-scheme: light dark; --ink: #1c2430; --quiet: #5b6675; --paper: #fff; --stripe: #f5f7fa; --line: #d9dfe7; --good: #1f7a4d; --bad: #b3261e; --warn: #a16207; --neutral: #3d669e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --quiet: #a3adbb; --paper: #14181f; --stripe: #1b212b; --line: #303947; --good: #4fb286; --bad: #f28b82; --warn: #e6b450; --neutral: #7da2d6; } }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 1240px; margin: 2rem auto; padding: 0 1rem; }
h1, h2 { line-height: 1.2; } h2 { margin-top: 2.5rem; }
.verdict { font-size: .6em; vertical-align: middle; padding: .15em .7em; border-radius: 1em; color: var(--paper); font-weight: 600; white-space: nowrap; }
td .verdict { font-size: .85em; }
.verdict.passed { background: var(--good); } .verdict.failed { background: var(--bad); }
.quiet { color: var(--quiet); } .failure { color: var(--bad); white-space: pre-wrap; overflow-wrap: anywhere; }
.conclusion { border-left: 4px solid var(--neutral); padding: .3rem .8rem; background: var(--stripe); }
figure { margin: 1rem 0; } .wide { overflow-x: auto; } figcaption { color: var(--quiet); font-size: .85em; }
.timeline { display: block; min-width: 980px; width: 100%; font-size: 12px; } .timeline text { fill: var(--ink); }
.timeline .tick { fill: var(--quiet); text-anchor: middle; } .timeline .axis { fill: var(--quiet); text-anchor: end; } .timeline .grid, .timeline .border { stroke: var(--line); }
.timeline .lane { fill: var(--quiet); font-weight: 600; } .timeline .stripe { fill: var(--stripe); } .timeline .fault { stroke: var(--bad); stroke-dasharray: 4 3; }
.timeline .words { fill: var(--paper); font-weight: 600; pointer-events: none; } .hatching { fill: url(#hatch); pointer-events: none; } .hatch { stroke: var(--paper); stroke-width: 2; stroke-opacity: .35; }
.bar.good, .point.good { fill: var(--good); } .bar.bad, .point.bad { fill: var(--bad); } .bar.warn, .point.warn { fill: var(--warn); } .bar.neutral, .point.neutral { fill: var(--neutral); }
.bar.good { fill-opacity: .8; } .point { stroke: var(--paper); stroke-width: 1; }
.key.good { color: var(--good); } .key.bad { color: var(--bad); } .key.warn { color: var(--warn); } .key.neutral { color: var(--neutral); }
.timeline .limit { stroke: var(--warn); stroke-width: 1.5; stroke-dasharray: 7 4; } .timeline .limit-words { fill: var(--warn); font-weight: 600; }
.series { fill: none; } .series-0 { stroke: var(--neutral); } .series-1 { stroke: var(--good); } .series-2 { stroke: var(--ink); }
.series.series-0 { stroke-width: 5; stroke-opacity: .45; } .series.series-1 { stroke-width: 2.5; stroke-dasharray: 9 5; } .series.series-2 { stroke-width: 1.2; stroke-dasharray: 2 3; }
.mark { stroke: var(--paper); stroke-width: .6; } .mark.series-0 { fill: var(--neutral); } .mark.series-1 { fill: var(--good); } .mark.series-2 { fill: var(--ink); }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
th { white-space: nowrap; } .expected { width: 40%; } .subject { min-width: 14rem; } .number, .clock { text-align: right; white-space: nowrap; }
dl { display: flex; flex-wrap: wrap; gap: .5rem 2rem; } dt { color: var(--quiet); font-size: .85em; } dd { margin: 0; font-weight: 600; }
tr.bad td { color: var(--bad); } details { margin-top: 1rem; } summary { cursor: pointer; }
code { overflow-wrap: anywhere; } .wide table { min-width: 46rem; }
@media (max-width: 640px) { .expectations thead { display: none; } .expectations tr { display: grid; grid-template-columns: 1fr auto; border-bottom: 1px solid var(--line); padding: .4rem 0; } .expectations td { border: 0; padding: .1rem .3rem; } .expectations .expected { width: auto; font-weight: 600; } }
`;
