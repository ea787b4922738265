import { html, type Html } from '../html.js';

/** How the numbers come about, at the foot of the page. */
export function method(): Html {
  const rules: [string, string][] = [
    [
      'Files',
      'those git tracks that exist in the working tree; without git all but .git, node_modules and what a .gitignore names. Links and submodules are left out.',
    ],
    [
      'Lines',
      'end at a line feed, a last piece without one counts. A file with a NUL byte among its first 8,000 bytes is binary and has none.',
    ],
    ['Languages', 'are told by the name of the file; what no name tells is Other.'],
    ['Commits', 'are all that can be reached from HEAD, merges included.'],
    ['Authors', 'are e-mail addresses after .mailmap, by the dates of authoring.'],
    ['Hotspots', 'count the commits that changed a path, merges left out, renames not followed.'],
    ['Longest block', 'is told by indentation and brackets at the ends of lines, not by a parser.'],
  ];
  return html`<footer class="method">
    <details>
      <summary>How this is counted</summary>
      <dl>
        ${rules.map(
          ([term, rule]) =>
            html`<div>
              <dt>${term}</dt>
              <dd>${rule}</dd>
            </div>`,
        )}
      </dl>
    </details>
    <p>
      Made by the workflow <code>repository-report</code> of Taskloom’s example application. The same numbers, all of them, are in
      <code>report.json</code>.
    </p>
  </footer>`;
}
