import type { Report } from '../report.js';
import { languageBar } from './charts/language-bar.js';
import { html, Html } from './html.js';
import { PAGE_STYLE } from './page-style.js';
import { contents } from './sections/contents.js';
import { head } from './sections/head.js';
import { hotspots } from './sections/hotspots.js';
import { markers } from './sections/markers.js';
import { method } from './sections/method.js';
import { people } from './sections/people.js';
import { risks } from './sections/risks.js';

/**
 * The report as one page that stands alone: styles and charts are within it, it runs no script and loads nothing, and its content security
 * policy forbids both. All that comes from the repository is escaped.
 */
export function renderHtml(report: Report): string {
  const chapters = [
    { id: 'contents', question: 'What is in it?', content: contents(report) },
    { id: 'people', question: 'Who knows it?', content: people(report) },
    { id: 'trouble', question: 'Where does it hurt?', content: html`${hotspots(report)}${risks(report)}${markers(report)}` },
  ];
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta
        http-equiv="Content-Security-Policy"
        content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
      />
      <meta name="referrer" content="no-referrer" />
      <link rel="icon" href="data:," />
      <title>${report.repository.name} · repository report</title>
      <style>
        ${new Html(PAGE_STYLE)}
      </style>
    </head>
    <body>
      <a class="skip" href="#main">To the report</a>
      <div class="strip" aria-hidden="true">${report.languages.length > 0 && languageBar(report.languages)}</div>
      ${head(report)}
      <nav class="toc" aria-label="Questions this page answers">
        <ul>
          ${chapters.map(({ id, question }) => html`<li><a href="#${id}">${question}</a></li>`)}
        </ul>
      </nav>
      <main id="main">
        ${chapters.map(
          ({ id, question, content }) =>
            html`<section aria-labelledby="${id}">
              <h2 id="${id}">${question}</h2>
              ${content}
            </section>`,
        )}
      </main>
      ${method()}
    </body>
  </html>`;
  return `<!doctype html>\n${page.markup}\n`;
}
