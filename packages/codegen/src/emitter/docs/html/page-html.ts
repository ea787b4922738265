import type { DocPage, DocRow, DocSide, DocTable, TypePart } from '../docs-model.js';
import { anchorHref, anchorId, code, htmlText } from './html-text.js';
import { planSvg } from './plan-svg.js';

/** One agent, workflow or topic as a section of the page. */
export function pageHtml(page: DocPage): string {
  const facts = [
    `<span class="kind ${page.kind}">${page.kind}</span>`,
    ...(page.origin
      ? [`<span>version ${code(page.origin.version)}</span>`, `<span>${code(page.origin.className)} in ${code(page.origin.source)}</span>`]
      : []),
    ...(page.capabilities.length > 0 ? [`<span>can ${page.capabilities.map(code).join(', ')}</span>`] : []),
    ...page.relations.map(
      ({ label, kind, names }) =>
        `<span>${label} ${names.map((name) => `<a href="${anchorHref(kind, name)}">${htmlText(name)}</a>`).join(', ')}</span>`,
    ),
  ];
  return [
    `<article id="${anchorId(page.kind, page.name)}">`,
    `<h2><a href="${anchorHref(page.kind, page.name)}">${htmlText(page.name)}</a></h2>`,
    `<p class="facts">${facts.join('')}</p>`,
    ...page.description.map((line) => `<p>${htmlText(line)}</p>`),
    ...planHtml(page),
    ...page.sides.map((side) => sideHtml(TITLES[side.side], page, side)),
    page.kind === 'workflow' && page.sides.length === 1 ? '<h3>Output</h3><p>Jobs of this workflow have no output of their own.</p>' : '',
    '</article>',
  ]
    .filter((part) => part !== '')
    .join('\n');
}

const TITLES = { input: 'Input', output: 'Output', payload: 'Payload' } as const;

function planHtml({ plan, stem }: DocPage): string[] {
  if (!plan) return [];
  if (plan.kind === 'no-example')
    return [
      '<h3>Plan</h3><p class="quiet">There is no example of the input to draw the plan for: give the input an example (<code>@example</code>).</p>',
    ];
  if (plan.kind === 'failed')
    return ['<h3>Plan</h3><p class="quiet">The plan could not be drawn when this page was written; the generator said why.</p>'];
  return ['<h3>Plan</h3>', `<div class="scroll" tabindex="0">${planSvg(plan.graph, `arrow-${stem}`)}</div>`];
}

function sideHtml(title: string, page: DocPage, { side, tables, example }: DocSide): string {
  const anchor = [page.kind, page.name, side] as const;
  const shown = example === null ? '' : `<details><summary>Example</summary><pre><code>${htmlText(example)}</code></pre></details>`;
  return [`<h3>${title}</h3>`, ...tables.map((table) => tableHtml(table, anchor)), shown].join('\n');
}

type SideAnchor = readonly string[];

function tableHtml(table: DocTable, side: SideAnchor): string {
  const heading = table.definition === null ? '' : `<h4 id="${anchorId(...side, table.definition)}">${htmlText(table.definition)}</h4>`;
  const rules = table.rules.length > 0 ? `, ${table.rules.map(ruleHtml).join(', ')}` : '';
  const type = table.rows.length > 0 && table.rules.length === 0 ? '' : `<p>${typeHtml(table.type, side)}${rules}</p>`;
  const rows = table.rows.map((row) => rowHtml(row, side)).join('\n');
  const head = '<thead><tr><th>property</th><th>type</th><th>description</th></tr></thead>';
  return [
    heading,
    ...table.description.map((line) => `<p>${htmlText(line)}</p>`),
    type,
    rows === '' ? '' : `<div class="scroll"><table>${head}<tbody>\n${rows}\n</tbody></table></div>`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function rowHtml(row: DocRow, side: SideAnchor): string {
  const notes = [
    ...(row.isDeprecated ? ['<strong>Deprecated.</strong>'] : []),
    ...row.description.map(htmlText),
    ...(row.only ? [`<span class="quiet">where ${code(row.only.property)} is ${row.only.values.map(code).join(' or ')}</span>`] : []),
    ...(row.rules.length > 0 ? [`<span class="quiet">${row.rules.map(ruleHtml).join(', ')}</span>`] : []),
    ...(row.defaultValue === null ? [] : [`<span class="quiet">default ${code(row.defaultValue)}</span>`]),
    ...(row.examples.length > 0 ? [`<span class="quiet">for example ${row.examples.map(code).join(', ')}</span>`] : []),
  ];
  const optional = row.isRequired ? '' : ' <span class="optional">optional</span>';
  return `<tr><td>${code(row.path)}${optional}</td><td class="type">${typeHtml(row.type, side)}</td><td>${notes.join('<br>')}</td></tr>`;
}

function ruleHtml(rule: string): string {
  return rule.startsWith('pattern ') ? `pattern ${code(rule.slice(8))}` : htmlText(rule);
}

function typeHtml(parts: readonly TypePart[], side: SideAnchor): string {
  return parts
    .map(({ text, definition }) =>
      definition === undefined ? htmlText(text) : `<a href="${anchorHref(...side, definition)}">${htmlText(text)}</a>`,
    )
    .join('');
}
