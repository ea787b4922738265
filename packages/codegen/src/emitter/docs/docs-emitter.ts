import type { Catalog } from '../../shape/catalog.js';
import type { Emission, Emitter } from '../emitter.js';
import { bookOfCatalog } from './book-of-catalog.js';
import { DOCS_PAGE_PATH } from './docs-page-path.js';
import { bookHtml } from './html/book-html.js';
import { indexMarkdown } from './markdown/index-markdown.js';
import { pageMarkdown } from './markdown/page-markdown.js';

/** Documentation: a Markdown page for each agent, workflow and topic with an index, and all of it as one HTML file. */
export const docsEmitter: Emitter = {
  name: 'docs',
  emit(catalog: Catalog): Emission {
    const book = bookOfCatalog(catalog);
    const pages = [...book.workflows, ...book.agents, ...book.topics].map((page) => ({
      path: `docs/${page.kind}s/${page.stem}.md`,
      text: pageMarkdown(page),
    }));
    // Names that one file system takes for the same are refused by the JSON Schema emitter already.
    return {
      files: [{ path: 'docs/index.md', text: indexMarkdown(book) }, ...pages, { path: DOCS_PAGE_PATH, text: bookHtml(book) }],
      diagnostics: [],
    };
  },
};
