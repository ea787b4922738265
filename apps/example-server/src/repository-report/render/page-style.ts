/** The look of the page: one column, light and dark after the reader's setting, phone and paper. Charts take their colours from here. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --page: #f7f6f3; --card: #ffffff; --ink: #1c2024; --soft: #5c6570; --line: #e5e2dc; --track: #eeece7;
  --accent: #3451d1; --accent-soft: #c9d3f8; --on-accent: #ffffff;
  --high: #b3261e; --high-soft: #fbe9e7; --medium: #8a5a00; --medium-soft: #fcf1dc; --low: #4a5a6a; --low-soft: #edf0f3;
  --c1: #3451d1; --c2: #0d8a7b; --c3: #d98a08; --c4: #c2416b; --c5: #2b9ccf; --c6: #7a4fc9; --c7: #6f9a1b; --c8: #cf5a26; --c0: #a9adb2;
  --shadow: 0 1px 2px rgb(28 32 36 / .05), 0 6px 24px rgb(28 32 36 / .05);
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f1114; --card: #171a1f; --ink: #e8eaed; --soft: #9ba4af; --line: #282d34; --track: #252a31;
    --accent: #8ea2ff; --accent-soft: #3a4786; --on-accent: #0f1114;
    --high: #ff9b92; --high-soft: #3a1d1b; --medium: #f2c46d; --medium-soft: #352a14; --low: #b4c0cc; --low-soft: #232a31;
    --c1: #8ea2ff; --c2: #3fc2b0; --c3: #f0b247; --c4: #f07fa3; --c5: #66c3ee; --c6: #b394f5; --c7: #a5cf57; --c8: #f59064; --c0: #6b727b;
    --shadow: none;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 4.5rem; }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums;
}
code, .path, .quote, .line { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .875em; }
h1, h2, h3, h4, p, dl, dd, ul, ol { margin: 0; padding: 0; }
ul, ol { list-style: none; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; z-index: 3; padding: .5rem 1rem; background: var(--card); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.strip { height: 6px; overflow: hidden; background: var(--track); }
.strip svg { display: block; }
.head, main, .method { max-width: 1120px; margin: 0 auto; padding: 0 24px; }

/* the top */
.head { padding-top: clamp(2rem, 6vw, 4.25rem); padding-bottom: 2rem; }
.over { color: var(--accent); font-weight: 600; font-size: .8125rem; letter-spacing: .08em; text-transform: uppercase; }
h1 { font-size: clamp(2.25rem, 7vw, 4rem); line-height: 1.05; letter-spacing: -.03em; font-weight: 750; margin: .35rem 0 1.1rem; overflow-wrap: anywhere; }
.summary { max-width: 46rem; font-size: clamp(1.05rem, 2.2vw, 1.25rem); line-height: 1.55; overflow-wrap: anywhere; }
.facts { display: flex; flex-wrap: wrap; gap: .4rem 1.75rem; margin-top: 1.5rem; font-size: .875rem; }
.facts div { display: flex; gap: .5rem; min-width: 0; }
.facts dt { color: var(--soft); white-space: nowrap; }
.facts dd { min-width: 0; overflow-wrap: anywhere; }
.numbers { display: grid; grid-template-columns: repeat(5, 1fr); margin-top: 2.25rem; background: var(--card); border: 1px solid var(--line); border-radius: 16px; box-shadow: var(--shadow); overflow: hidden; }
.numbers div { padding: 1.1rem 1.35rem; border-left: 1px solid var(--line); margin-left: -1px; }
.numbers dt { color: var(--soft); font-size: .8125rem; }
.numbers dd { font-size: clamp(1.35rem, 2.6vw, 1.85rem); font-weight: 680; letter-spacing: -.02em; line-height: 1.25; white-space: nowrap; }
.numbers .note { font-size: .8125rem; font-weight: 400; letter-spacing: 0; color: var(--soft); }

/* the way to the chapters */
.toc { position: sticky; top: 0; z-index: 2; background: color-mix(in srgb, var(--page) 88%, transparent); backdrop-filter: blur(10px); border-block: 1px solid var(--line); }
.toc ul { display: flex; gap: 1.75rem; max-width: 1120px; margin: 0 auto; padding: 0 24px; overflow-x: auto; }
.toc a { display: block; padding: .8rem 0; color: var(--soft); text-decoration: none; font-size: .9rem; font-weight: 550; white-space: nowrap; }
.toc a:hover { color: var(--accent); }

/* chapters and cards */
main > section { padding-top: 2.75rem; }
h2 { font-size: clamp(1.5rem, 3.4vw, 2rem); letter-spacing: -.02em; line-height: 1.2; margin-bottom: 1.1rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 16px; box-shadow: var(--shadow); padding: 1.5rem; margin-bottom: 1.25rem; min-width: 0; }
.pair { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1.25rem; }
h3 { font-size: 1.125rem; letter-spacing: -.01em; }
.lead { color: var(--soft); font-size: .9rem; max-width: 44rem; margin-top: .15rem; }
.nothing { color: var(--soft); padding: 1.25rem 0 .25rem; }
.foot { color: var(--soft); font-size: .875rem; padding-top: .75rem; }

/* tables */
.scroll { overflow-x: auto; margin-top: .9rem; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem; border-bottom: 1px solid var(--line); font-weight: 400; }
th:first-child, td:first-child { padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
tbody tr:last-child > * { border-bottom: 0; }
thead th { color: var(--soft); font-size: .8125rem; white-space: nowrap; padding-block: .3rem; vertical-align: bottom; }
.number { text-align: right; white-space: nowrap; }
td.number:first-child { color: var(--soft); width: 2rem; }
th.bar { min-width: 9rem; width: 26%; }
td.bar { padding-top: .87rem; }
td.text { white-space: nowrap; }
tbody th.name { min-width: 13rem; overflow-wrap: anywhere; }
.sub { display: block; color: var(--soft); font-size: .8125rem; }
.range { margin-left: .5rem; }
.path { overflow-wrap: anywhere; }
.dir { color: var(--soft); }
.line { color: var(--soft); }
td.text:has(.quote) { white-space: normal; overflow-wrap: anywhere; width: 55%; }
.quote { color: var(--soft); }
.more { margin-top: .25rem; border-top: 1px solid var(--line); }
summary { cursor: pointer; color: var(--accent); font-size: .9rem; padding: .65rem 0 .2rem; }
.more > .scroll { margin-top: .25rem; }

/* charts */
svg { display: block; }
.swatch { display: inline-block; width: .7rem; height: .7rem; border-radius: 3px; margin-right: .6rem; }
${[1, 2, 3, 4, 5, 6, 7, 8, 0].map((n) => `rect.c${n} { fill: var(--c${n}); } .swatch.c${n} { background: var(--c${n}); }`).join('\n')}
.card .language-bar { border-radius: 8px; margin-top: 1rem; }
.language-bar rect { stroke: var(--card); stroke-width: 1px; }
.strip .language-bar rect { stroke: none; }
.meter { min-width: 3rem; }
th .meter, th .meter rect { height: 5px; }
th .meter { margin: .4rem 0 .15rem; }
.meter .track { fill: var(--track); }
.meter .fill { fill: var(--accent); }
.meter .fill:has(+ .inner) { fill: var(--accent-soft); }
.meter .inner { fill: var(--accent); }
.span .track { stroke: var(--track); stroke-width: 2px; }
.span .fill { fill: var(--c2); }
.span { overflow: visible; }
.plot { padding: 2.2rem .5rem 3.25rem 2.6rem; }
.scatter { overflow: visible; background: linear-gradient(to top right, transparent 35%, color-mix(in srgb, var(--accent) 9%, transparent)); border-left: 1px solid var(--line); border-bottom: 1px solid var(--line); }
.scatter .grid line { stroke: var(--line); stroke-width: 1px; }
.scatter .ticks text { fill: var(--soft); font-size: 12px; }
.scatter .bubble circle { fill: color-mix(in srgb, var(--accent) 78%, transparent); stroke: var(--card); stroke-width: 1.5px; }
.scatter .bubble text { fill: var(--on-accent); font-size: 11.5px; font-weight: 650; pointer-events: none; }
.scatter .name { fill: var(--ink); font-size: 12.5px; }
.scatter .bubble:hover circle { fill: var(--accent); stroke: var(--ink); }

/* risks and markers */
.risks { margin-top: 1rem; display: grid; gap: .75rem; }
.risk { border-radius: 12px; padding: .9rem 1.1rem; background: var(--soft-level); }
.risk.high { --level: var(--high); --soft-level: var(--high-soft); }
.risk.medium { --level: var(--medium); --soft-level: var(--medium-soft); }
.risk.low { --level: var(--low); --soft-level: var(--low-soft); }
.risk h4 { font-size: 1rem; }
.level { display: inline-block; color: var(--level); border: 1px solid currentColor; border-radius: 99px; padding: 0 .6rem; margin-right: .4rem; font-size: .75rem; line-height: 1.5; vertical-align: .1em; }
.count { color: var(--soft); font-weight: 400; }
.risk ul { margin-top: .3rem; font-size: .9rem; overflow-wrap: anywhere; columns: 2 26rem; column-gap: 2rem; }
.risk li { padding: .12rem 0; break-inside: avoid; }
.words { display: grid; gap: .4rem; margin: 1.1rem 0 1.25rem; max-width: 34rem; font-size: .9rem; }
.words div { display: grid; grid-template-columns: 4.5rem 1fr 4rem; align-items: center; }
.words dt { font-weight: 600; font-size: .8125rem; letter-spacing: .03em; }

.method { padding-top: 1.5rem; padding-bottom: 4rem; color: var(--soft); font-size: .875rem; }
.method dl { padding: .5rem 0 1rem; }
.method dl div { display: grid; grid-template-columns: 8rem 1fr; gap: .25rem 1rem; padding: .2rem 0; }
.method dt { color: var(--ink); }
.method p { border-top: 1px solid var(--line); padding-top: 1rem; margin-top: 1rem; }

@media (max-width: 860px) {
  .pair { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .numbers { grid-template-columns: repeat(6, 1fr); }
  .numbers div { grid-column: span 2; border-top: 1px solid var(--line); margin-top: -1px; padding: .9rem 1rem; }
  .numbers div:nth-child(n + 4) { grid-column: span 3; }
}
@media (max-width: 640px) {
  .head, main, .method, .toc ul { padding-left: 16px; padding-right: 16px; }
  .card { padding: 1.1rem 1rem; border-radius: 14px; }
  .extra, .scatter .name { display: none; }
  :is(th, td):has(+ .extra:last-child) { padding-right: 0; }
  th, td { padding-inline: .4rem; }
  tbody th.name { min-width: 7rem; }
  .toc ul { gap: 1.1rem; }
  .toc a { font-size: .82rem; }
  .facts { display: grid; gap: .25rem; }
  .facts dt { min-width: 6.5rem; }
  .plot { padding-left: 2.1rem; padding-right: 0; }
  td.text:has(.quote) { width: 50%; }
  .method dl div { grid-template-columns: 1fr; padding: .4rem 0; }
}
@media print {
  :root {
    --page: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #ccc; --track: #e6e6e6; --accent: #3451d1; --accent-soft: #c9d3f8; --on-accent: #fff;
    --high: #b3261e; --medium: #8a5a00; --low: #4a5a6a; --high-soft: #fff; --medium-soft: #fff; --low-soft: #fff; --shadow: none; color-scheme: light;
  }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { font-size: 10.5pt; }
  .toc, .skip, .more > summary { display: none; }
  .head, main, .method { padding-left: 0; padding-right: 0; max-width: none; }
  .card { padding: .5rem 0; border: 0; border-top: 1px solid var(--line); border-radius: 0; }
  .risk { border: 1px solid var(--line); }
  .scroll { overflow: visible; }
  tr, .plot, .risk li { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
