import { HEADER } from '../../text/header.js';
import type { DocBook, DocPage } from '../docs-model.js';
import { SCRIPT } from './book-script.js';
import { STYLE } from './book-style.js';
import { anchorHref, htmlText } from './html-text.js';
import { pageHtml } from './page-html.js';

/** Everything as one file that needs nothing else: it opens from disk, and asks the network for nothing. */
export function bookHtml({ agents, workflows, topics }: DocBook): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";
  return `<!doctype html>
<!-- ${HEADER} -->
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Agents and workflows</title>
<style>
${STYLE}
</style>
</head>
<body>
<nav aria-label="Agents and workflows">
<header>
<h1><a href="#overview">Agents and workflows</a></h1>
<button id="theme" type="button" title="Light or dark" aria-label="Light or dark">◐</button>
</header>
<input id="search" type="search" placeholder="Search  /" aria-label="Search" autocomplete="off" spellcheck="false">
<p id="found" class="quiet" role="status"></p>
<div id="list">
${listHtml('Workflows', workflows)}
${listHtml('Agents', agents)}${topics.length > 0 ? `\n${listHtml('Topics', topics)}` : ''}
</div>
</nav>
<main>
${overviewHtml(workflows, agents, topics)}
${[...workflows, ...agents, ...topics].map(pageHtml).join('\n')}
</main>
<script>
${SCRIPT}
</script>
</body>
</html>
`;
}

/** Everything by name with what it does, before anything in full. */
function overviewHtml(workflows: readonly DocPage[], agents: readonly DocPage[], topics: readonly DocPage[]): string {
  if (agents.length + workflows.length === 0) return '<p>There are no agents and no workflows yet.</p>';
  return `<section id="overview">\n${aboutHtml('Workflows', workflows)}\n${aboutHtml('Agents', agents)}\n${topics.length > 0 ? `${aboutHtml('Topics', topics)}\n` : ''}</section>`;
}

function aboutHtml(title: string, pages: readonly DocPage[]): string {
  if (pages.length === 0) return '';
  const items = pages.map(
    ({ kind, name, description: [first = ''] }) =>
      `<dt><a href="${anchorHref(kind, name)}">${htmlText(name)}</a></dt><dd>${htmlText(first)}</dd>`,
  );
  return `<h2>${title}</h2>\n<dl>\n${items.join('\n')}\n</dl>`;
}

function listHtml(title: string, pages: readonly DocPage[]): string {
  if (pages.length === 0) return '';
  const items = pages.map((page) => `<li><a href="${anchorHref(page.kind, page.name)}">${htmlText(page.name)}</a></li>`);
  return `<section><h2>${title} <span class="quiet">${pages.length}</span></h2><ul>\n${items.join('\n')}\n</ul></section>`;
}
