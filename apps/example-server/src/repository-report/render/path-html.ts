import { html, type Html } from './html.js';

/** A path that may break after each "/", its directories stepped back behind the name of the file; unharmed by right-to-left letters. */
export function pathHtml(path: string): Html {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  const directories = parts.map((part) => html`${part}/<wbr />`);
  return html`<bdi class="path">${parts.length > 0 && html`<span class="dir">${directories}</span>`}${name}</bdi>`;
}
