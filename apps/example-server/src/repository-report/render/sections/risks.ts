import type { Report, Risk } from '../../report.js';
import { html, type Html } from '../html.js';
import { card, nothing } from './section.js';

const NAMES: Readonly<Record<Risk['level'], string>> = { high: 'High', medium: 'Medium', low: 'Low' };

/** What the rules found, gathered under the level and title they share. */
export function risks(report: Report): Html {
  if (report.risks.length === 0) return card('risks', 'Risks', null, nothing('No rule found anything to worry about.'));
  const groups = new Map<string, { readonly level: Risk['level']; readonly title: string; readonly details: string[] }>();
  for (const { level, title, detail } of report.risks) {
    const key = `${level} ${title}`;
    const group = groups.get(key) ?? { level, title, details: [] };
    group.details.push(detail);
    groups.set(key, group);
  }
  const items = [...groups.values()].map(
    ({ level, title, details }) =>
      html`<li class="risk ${level}">
        <h4>
          <span class="level">${NAMES[level]}</span> ${title}${details.length > 1 && html` <span class="count">${details.length}</span>`}
        </h4>
        <ul>
          ${details.map((detail) => html`<li>${detail}</li>`)}
        </ul>
      </li>`,
  );
  return card(
    'risks',
    'Risks',
    'Found by fixed rules, not by judgement: each is a place to look at, not a verdict.',
    html`<ol class="risks">
      ${items}
    </ol>`,
  );
}
