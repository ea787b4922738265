import { HEADER } from '../../text/header.js';
import type { DocBook, DocPage } from '../docs-model.js';
import { inlineCode, markdownText } from './markdown-text.js';

/** The page that leads to all others. */
export function indexMarkdown({ agents, workflows, topics }: DocBook): string {
  return [
    `<!-- ${HEADER} -->\n`,
    '# Agents and workflows\n',
    listOf('Workflows', workflows),
    listOf('Agents', agents),
    listOf('Topics', topics),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function listOf(title: string, pages: readonly DocPage[]): string {
  if (pages.length === 0) return '';
  const rows = pages.map((page) => {
    const link = `[${inlineCode(page.name)}](${page.kind}s/${encodeURI(page.stem)}.md)`;
    return `| ${link} | ${page.description.map(markdownText).join(' ')} |\n`;
  });
  return `## ${title}\n\n| name | what it does |\n|---|---|\n${rows.join('')}`;
}
