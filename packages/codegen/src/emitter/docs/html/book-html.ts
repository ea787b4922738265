import { HEADER } from '../../text/header.js';
import type { DocBook, DocPage } from '../docs-model.js';
import { SCRIPT } from './book-script.js';
import { STYLE } from './book-style.js';
import { anchorHref, htmlText } from './html-text.js';
import { pageHtml } from './page-html.js';

/** Everything as one file that needs nothing else: it opens from disk, and asks the network for nothing. */
export function bookHtml({ agents, workflows }: DocBook): string {
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
<h1>Agents and workflows</h1>
<button id="theme" type="button" title="Light or dark" aria-label="Light or dark">◐</button>
</header>
<input id="search" type="search" placeholder="Search  /" aria-label="Search" autocomplete="off" spellcheck="false">
<p id="found" class="quiet" role="status"></p>
<div id="list">
${listHtml('Workflows', workflows)}
${listHtml('Agents', agents)}
</div>
</nav>
<main>
${[...workflows, ...agents].map(pageHtml).join('\n')}
${agents.length + workflows.length === 0 ? '<p>There are no agents and no workflows yet.</p>' : ''}
</main>
<script>
${SCRIPT}
</script>
</body>
</html>
`;
}

function listHtml(title: string, pages: readonly DocPage[]): string {
  if (pages.length === 0) return '';
  const items = pages.map((page) => `<li><a href="${anchorHref(page.kind, page.name)}">${htmlText(page.name)}</a></li>`);
  return `<section><h2>${title} <span class="quiet">${pages.length}</span></h2><ul>\n${items.join('\n')}\n</ul></section>`;
}
