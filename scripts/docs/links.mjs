import { existsSync, readdirSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { pathOf, read } from './repository.mjs';

/** Every page of documentation: those at the root, in docs/, and the README of each package. */
export function allPages() {
  const below = (folder) =>
    (existsSync(pathOf(folder)) ? readdirSync(pathOf(folder), { recursive: true, encoding: 'utf8' }) : []).map((name) =>
      posix.join(folder, name.replaceAll('\\', '/')),
    );
  const ofPackages = ['packages', 'apps'].flatMap((parent) => readdirSync(pathOf(parent)).map((name) => `${parent}/${name}/README.md`));
  return [...readdirSync(pathOf('.')), ...below('docs'), ...ofPackages]
    .filter((path) => path.endsWith('.md') && existsSync(pathOf(path)) && statSync(pathOf(path)).isFile())
    .sort((a, b) => a.localeCompare(b));
}

/** Links that lead to no file of this repository, or to no heading of it. Links to other sites are not followed. */
export function linkProblems(pages = allPages()) {
  return pages.flatMap((page) => linksOf(read(page)).flatMap((link) => problemOf(page, link) ?? []));
}

function problemOf(page, link) {
  const [target, anchor] = decodeURI(link).split('#');
  const path = target === '' ? page : posix.join(posix.dirname(page), target);
  if (path.startsWith('..') || !existsSync(pathOf(path))) return [`${page}: the link ${link} leads nowhere`];
  if (anchor === undefined || anchor === '' || !path.endsWith('.md')) return undefined;
  return anchorsOf(read(path)).includes(anchor) ? undefined : [`${page}: ${path} has no heading #${anchor}`];
}

function linksOf(text) {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link).filter((link) => !/^[a-z]+:/.test(link));
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(text) {
  const taken = new Map();
  return [...withoutFences(text).matchAll(/^#{1,6} +(.+)$/gm)].map(([, heading]) => {
    const anchor = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-');
    const count = taken.get(anchor) ?? 0;
    taken.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
}

function withoutFences(text) {
  return text.replaceAll(/^( *)(```+)[\s\S]*?^\1\2 *$/gm, '');
}

function withoutCode(text) {
  return withoutFences(text).replaceAll(/`[^`\n]*`/g, '');
}
