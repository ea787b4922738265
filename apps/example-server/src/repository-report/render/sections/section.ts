import { html, type Html, type HtmlPart } from '../html.js';

/** One card of the page: a heading to link to, a line that says how to read it, and its content. */
export function card(id: string, title: string, lead: HtmlPart, content: HtmlPart): Html {
  return html`<section class="card" aria-labelledby="${id}">
    <h3 id="${id}">${title}</h3>
    ${lead !== null && html`<p class="lead">${lead}</p>`} ${content}
  </section>`;
}

/** What stands in a card that has nothing to show. */
export function nothing(text: string): Html {
  return html`<p class="nothing">${text}</p>`;
}

/** The day of an ISO time, for people and for programs. */
export function day(iso: string): Html {
  return html`<time datetime="${iso}">${iso.replace(/T.*$/, '')}</time>`;
}
