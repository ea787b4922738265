/** How the page looks, light and dark, from phones to wide screens. */
export const STYLE = `
:root { color-scheme: light dark; --text: #1f2328; --quiet: #59636e; --back: #ffffff; --side: #f6f8fa; --line: #d8dee4; --link: #0757b8; --code: #eff2f5; --agent: #1a7f37; --workflow: #8250df; --topic: #9a5b00; --shade: #1f232838; }
@media (prefers-color-scheme: dark) { :root:not([data-theme=light]) { --text: #e6edf3; --quiet: #9198a1; --back: #0d1117; --side: #151b23; --line: #3d444d; --link: #6cb0ff; --code: #1f2630; --agent: #56d364; --workflow: #c297ff; --topic: #e3b341; --shade: #e6edf338; } }
:root[data-theme=dark] { color-scheme: dark; --text: #e6edf3; --quiet: #9198a1; --back: #0d1117; --side: #151b23; --line: #3d444d; --link: #6cb0ff; --code: #1f2630; --agent: #56d364; --workflow: #c297ff; --topic: #e3b341; --shade: #e6edf338; }
:root[data-theme=light] { color-scheme: light; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-padding-top: 1rem; }
body { margin: 0; display: grid; grid-template-columns: 17rem minmax(0, 1fr); background: var(--back); color: var(--text); font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', sans-serif; }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1.25rem 1rem; background: var(--side); border-right: 1px solid var(--line); }
nav header { display: flex; justify-content: space-between; align-items: center; gap: .5rem; }
nav h1 { margin: 0; font-size: .95rem; white-space: nowrap; }
nav h1 a { color: inherit; text-decoration: none; }
nav h2 { margin: 1.25rem 0 .25rem; font-size: .8rem; text-transform: uppercase; letter-spacing: .05em; color: var(--quiet); }
nav ul { margin: 0; padding: 0; list-style: none; }
nav li a { display: block; padding: .2rem .5rem; border-radius: 6px; color: inherit; text-decoration: none; overflow-wrap: anywhere; font-size: .92rem; }
nav li a:hover, nav li a:focus-visible { background: var(--code); }
nav li a[aria-current] { background: var(--code); font-weight: 600; }
#search { width: 100%; margin-top: .9rem; padding: .45rem .65rem; font: inherit; color: inherit; background: var(--back); border: 1px solid var(--line); border-radius: 6px; }
#found { margin: .35rem 0 0; font-size: .85rem; }
#found:empty { display: none; }
#theme { font: inherit; line-height: 1; padding: .35rem .5rem; color: inherit; background: none; border: 1px solid var(--line); border-radius: 6px; cursor: pointer; }
main { padding: 1.5rem 2.5rem 4rem; max-width: 68rem; min-width: 0; }
#overview { padding-bottom: 1.5rem; margin-bottom: 2.25rem; border-bottom: 1px solid var(--line); }
.searching #overview { display: none; }
#overview h2 { margin: 0 0 .6rem; font-size: 1.15rem; }
#overview dl { display: grid; grid-template-columns: 14rem minmax(0, 1fr); gap: .4rem 1.5rem; margin: 0 0 1.75rem; }
#overview dt { overflow-wrap: anywhere; }
#overview dd { margin: 0; overflow-wrap: anywhere; }
article { padding-bottom: 1.5rem; margin-bottom: 2.25rem; border-bottom: 1px solid var(--line); }
article > h2 { margin: 0; font-size: 1.6rem; overflow-wrap: anywhere; }
article > h2 a { color: inherit; text-decoration: none; }
h3 { margin: 1.75rem 0 .5rem; font-size: 1.15rem; }
h4 { margin: 1.25rem 0 .35rem; font-size: 1rem; overflow-wrap: anywhere; }
p { margin: .5rem 0; overflow-wrap: anywhere; max-width: 46rem; }
a { color: var(--link); }
.quiet, .facts { color: var(--quiet); }
.facts { display: flex; flex-wrap: wrap; gap: .2rem .9rem; align-items: baseline; font-size: .9rem; max-width: none; }
.kind { font-weight: 600; }
.kind.agent { color: var(--agent); }
.kind.workflow { color: var(--workflow); }
.kind.topic { color: var(--topic); }
code { font: .875em/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: var(--code); padding: .1em .35em; border-radius: 4px; overflow-wrap: anywhere; }
pre { margin: .5rem 0; padding: .85rem 1rem; overflow-x: auto; background: var(--code); border-radius: 8px; }
pre code { padding: 0; background: none; overflow-wrap: normal; }
details { margin-top: .6rem; }
summary { cursor: pointer; color: var(--link); }
.scroll { overflow-x: auto; background: linear-gradient(90deg, var(--back) 30%, transparent) 0 0 / 3rem 100% no-repeat local, linear-gradient(270deg, var(--back) 30%, transparent) 100% 0 / 3rem 100% no-repeat local, linear-gradient(90deg, var(--shade), transparent) 0 0 / .9rem 100% no-repeat scroll, linear-gradient(270deg, var(--shade), transparent) 100% 0 / .9rem 100% no-repeat scroll; }
table { width: 100%; border-collapse: collapse; font-size: .93rem; }
th { text-align: left; font-size: .8rem; color: var(--quiet); font-weight: 600; }
th, td { padding: .45rem .9rem .45rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td:first-child { width: 30%; min-width: 9rem; }
td.type { width: 28%; min-width: 8rem; overflow-wrap: anywhere; }
.optional { font-size: .8rem; color: var(--quiet); white-space: nowrap; }
.plan { display: block; max-width: 100%; height: auto; font: 13px system-ui, sans-serif; }
.plan .task rect { fill: var(--side); stroke: var(--line); }
.plan .edge { stroke-linecap: round; }
.plan .story rect { fill: none; stroke: var(--line); stroke-dasharray: 4 3; }
.plan text { fill: var(--text); text-anchor: middle; }
.plan .story text, .plan .second, .plan .mode { fill: var(--quiet); font-size: 12px; }
.plan .story text { text-anchor: start; }
.plan .mode { paint-order: stroke; stroke: var(--back); stroke-width: 5px; stroke-linejoin: round; }
.plan .edge { fill: none; stroke: var(--quiet); stroke-width: 1.3; }
.plan .dashed { stroke-dasharray: 4 3; }
.plan marker path { fill: var(--quiet); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 1px; }
@media (max-width: 52rem) {
  body { display: block; }
  nav { position: static; height: auto; max-height: none; border-right: 0; border-bottom: 1px solid var(--line); }
  body:not(.searching) #list { display: none; }
  #overview dl { display: block; }
  #overview dd { margin-bottom: .6rem; }
  main { padding: 1.25rem 1rem 3rem; }
  thead { display: none; }
  table, tbody, tr, td { display: block; width: auto !important; }
  tr { padding: .5rem 0; border-bottom: 1px solid var(--line); }
  td { padding: .1rem 0; border: 0; }
}
@media print { nav, #overview { display: none; } body { display: block; } article { break-after: page; } }
`.trim();
