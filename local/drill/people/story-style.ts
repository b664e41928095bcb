/** How an incident's picture and the screens of those who heard of it look, in the page's own colours. */
export const storyStyle = `
h3 { margin: 2rem 0 .2rem; } .told { border-top: 1px solid var(--line); }
.story { display: block; min-width: 980px; width: 100%; font-size: 13px; } .story text { fill: var(--ink); } .story .tick { fill: var(--quiet); text-anchor: middle; font-size: 12px; }
.story .grid { stroke: var(--line); } .story .row { stroke: var(--line); stroke-width: 10; stroke-linecap: round; opacity: .55; } .story .thread { stroke: var(--quiet); stroke-width: 2; } .story .way { font-weight: 600; }
.story .sign { stroke-dasharray: 4 3; stroke-width: 1.5; } .story .sign.bad { stroke: var(--bad); } .story .sign.good { stroke: var(--good); } .story .sign.neutral { stroke: var(--neutral); }
.story .sign-words { font-weight: 600; font-size: 12px; } .story .sign-words.bad { fill: var(--bad); } .story .sign-words.good { fill: var(--good); } .story .sign-words.neutral { fill: var(--neutral); }
.heard.bad { fill: var(--bad); } .heard.good { fill: var(--good); } .heard.neutral { fill: var(--neutral); } .heard.quiet { fill: var(--quiet); } .heard circle, .heard rect, .heard > path { stroke: var(--paper); stroke-width: 1.5; }
.told svg.key { width: 1.5em; height: 1.5em; vertical-align: -.4em; } .heard .inside { fill: var(--paper); stroke: none; } .heard .stroke { fill: none; stroke: var(--paper); stroke-width: 2.5; stroke-linecap: round; }
.screens { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); gap: 1rem; align-items: start; }
.screen { border: 1px solid var(--line); border-radius: 14px; padding: .2rem 1rem 1rem; background: var(--stripe); max-height: 46rem; overflow-y: auto; } .screen h4 { margin: .7rem 0; position: sticky; top: 0; background: var(--stripe); }
.screen p { margin: .15rem 0; } .screen .who { color: var(--quiet); font-size: .85em; } .screen .who b { color: var(--ink); font-size: 1.1em; } .screen time { font-variant-numeric: tabular-nums; } .screen article { margin: .9rem 0; overflow-wrap: anywhere; }
.screen .header { font-weight: 700; font-size: 1.05em; } .screen .text { white-space: pre-wrap; } .left-out { text-align: center; color: var(--quiet); }
.slack .answer { margin-left: 1.2rem; padding-left: .8rem; border-left: 3px solid var(--line); } .slack .face { display: inline-block; width: 1.5em; height: 1.5em; line-height: 1.4em; border-radius: 5px; margin-right: .4em; text-align: center; font-weight: 700; color: var(--paper); background: var(--neutral); } .slack .app { font-size: .75em; padding: 0 .3em; border-radius: 3px; background: var(--line); }
.fields { display: grid; grid-template-columns: 1fr 1fr; gap: .3rem 1rem; margin: .4rem 0; } .fields dt { font-size: .8em; } .fields dd { font-weight: 400; }
.telephone { border-radius: 30px; border-width: 3px; max-width: 26rem; justify-self: center; width: 100%; } .telephone h4 { text-align: center; } .telephone .bubble { border-radius: 16px; padding: .5rem .8rem; background: var(--paper); border: 1px solid var(--line); } .telephone .call .bubble { border-left: 5px solid var(--bad); } .telephone .text-message .bubble { border-left: 5px solid var(--good); }
.mail pre { font: inherit; white-space: pre-wrap; margin: .4rem 0; padding: .6rem .8rem; background: var(--paper); border-radius: 8px; }
`;
