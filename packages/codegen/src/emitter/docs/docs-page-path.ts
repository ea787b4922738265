/** The page that a browser opens, in the output folder. */
export const DOCS_PAGE_PATH = 'docs/index.html';
