import { HEADER } from '../../text/header.js';
import type { DocPage, DocRow, DocSide, DocTable, TypePart } from '../docs-model.js';
import { anchorOf, codeBlock, inlineCode, markdownText } from './markdown-text.js';
import { planMermaid } from './plan-mermaid.js';

/** One agent, workflow or topic as a page of its own. */
export function pageMarkdown(page: DocPage): string {
  const facts = [
    ...(page.origin
      ? [
          `${sentenceCase(page.kind)}, version ${inlineCode(page.origin.version)}`,
          `class ${inlineCode(page.origin.className)} in ${inlineCode(page.origin.source)}`,
        ]
      : [sentenceCase(page.kind)]),
    ...(page.capabilities.length > 0 ? [`can ${page.capabilities.map(inlineCode).join(', ')}`] : []),
    ...page.relations.map(({ label, names }) => `${label} ${names.map(inlineCode).join(', ')}`),
  ];
  return [
    `<!-- ${HEADER} -->\n`,
    `# ${inlineCode(page.name)}\n`,
    ...page.description.map((line) => `${markdownText(line)}\n`),
    `${facts.join(' · ')} · [index](../index.md)\n`,
    ...planSection(page),
    ...page.sides.flatMap((side) => sideSection(sentenceCase(side.side), side)),
    ...(page.kind === 'workflow' && page.sides.length === 1 ? ['## Output\n', 'Jobs of this workflow have no output of their own.\n'] : []),
  ].join('\n');
}

function planSection({ plan }: DocPage): string[] {
  if (!plan) return [];
  if (plan.kind === 'no-example')
    return ['## Plan\n', 'There is no example of the input to draw the plan for: give the input an example (`@example`).\n'];
  if (plan.kind === 'failed') return ['## Plan\n', 'The plan could not be drawn when this page was written; the generator said why.\n'];
  return ['## Plan\n', 'What it lays out for the example of its input:\n', codeBlock('mermaid', planMermaid(plan.graph))];
}

function sideSection(title: string, { tables, example }: DocSide): string[] {
  return [
    `## ${title}\n`,
    ...tables.flatMap((table) => tableSection(table, title)),
    ...(example === null ? [] : [`### Example of the ${title.toLowerCase()}\n`, codeBlock('json', example)]),
  ];
}

function tableSection(table: DocTable, side: string): string[] {
  const heading = table.definition === null ? [] : [`### ${headingOf(table.definition, side)}\n`];
  const rules = table.rules.length > 0 ? `, ${table.rules.map(ruleText).join(', ')}` : '';
  const type = table.rows.length > 0 && table.rules.length === 0 ? [] : [`${typeText(table.type, side)}${rules}\n`];
  const rows = table.rows.map((row) => rowText(row, side)).join('');
  return [
    ...heading,
    ...table.description.map((line) => `${markdownText(line)}\n`),
    ...type,
    ...(rows === '' ? [] : [`| property | type | required | description |\n|---|---|---|---|\n${rows}`]),
  ];
}

function rowText(row: DocRow, side: string): string {
  const notes = [
    ...(row.isDeprecated ? ['**Deprecated.**'] : []),
    ...row.description.map(markdownText),
    ...(row.only ? [`Where ${inlineCode(row.only.property)} is ${row.only.values.map(inlineCode).join(' or ')}.`] : []),
    ...(row.rules.length > 0 ? [sentence(row.rules.map(ruleText).join(', '))] : []),
    ...(row.defaultValue === null ? [] : [`Default: ${inlineCode(row.defaultValue)}.`]),
    ...(row.examples.length > 0 ? [`For example ${row.examples.map(inlineCode).join(', ')}.`] : []),
  ];
  return `| ${inlineCode(row.path)} | ${typeText(row.type, side)} | ${row.isRequired ? 'yes' : ''} | ${notes.join('<br>')} |\n`;
}

function sentence(text: string): string {
  return `${sentenceCase(text)}.`;
}

function sentenceCase(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}`;
}

function ruleText(rule: string): string {
  return rule.startsWith('pattern ') ? `pattern ${inlineCode(rule.slice(8))}` : rule;
}

/** Both sides may have a definition of one name; headings tell them apart, so that links reach the right one. */
function headingOf(definition: string, side: string): string {
  return `${markdownText(definition)} (${side.toLowerCase()})`;
}

function typeText(parts: readonly TypePart[], side: string): string {
  return parts
    .map(({ text, definition }) =>
      definition === undefined
        ? markdownText(text)
        : `[${markdownText(text)}](#${encodeURIComponent(anchorOf(`${definition} (${side.toLowerCase()})`))})`,
    )
    .join('');
}
