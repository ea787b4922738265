import { table } from './generated-blocks.mjs';
import { loadModule } from './load-module.mjs';
import { read } from './repository.mjs';

const MACHINE = 'packages/core/src/machine';
const PAGE = 'docs/state-machine.md';

/** The legal moves of a task, one row for each status that has any. */
export async function taskMoves() {
  const { TASK_MOVES } = await loadModule(`${MACHINE}/transitions.ts`);
  const rows = Object.entries(TASK_MOVES).filter(([, to]) => to.length > 0);
  return table(
    ['from', 'to'],
    rows.map(([from, to]) => [code(from), to.map(code).join(' ')]),
  );
}

/** What a dependency comes to, by its mode and by where its source stands. */
export async function satisfaction() {
  const { satisfactionOf } = await loadModule(`${MACHINE}/satisfaction.ts`);
  const { DEPENDENCY_MODES, TASK_STATUSES } = await loadModule('packages/core/src/model/task.ts');
  const outcomesOf = (status) => DEPENDENCY_MODES.map((mode) => satisfactionOf(mode, status));
  const groups = groupBy(TASK_STATUSES, (status) => outcomesOf(status).join());
  return table(
    ['where the source stands', ...DEPENDENCY_MODES.map((mode) => `mode ${code(mode)}`)],
    [...groups.values()].map((statuses) => [statuses.map(code).join(' '), ...outcomesOf(statuses[0])]),
  );
}

/** Differences between the page and the code that no generated block can show. */
export async function stateMachineProblems() {
  const { TASK_MOVES } = await loadModule(`${MACHINE}/transitions.ts`);
  const { STATUS_REASONS, ATTEMPT_REASONS } = await loadModule('packages/core/src/model/task.ts');
  const page = read(PAGE);
  const problems = [];
  for (const [, from, to] of sectionOf(page, '## A task').matchAll(/^ +([A-Z_]+) --> ([A-Z_]+)/gm)) {
    if (!TASK_MOVES[from]?.includes(to)) problems.push(`the diagram draws the move ${from} → ${to}, which TASK_MOVES does not have`);
  }
  compareNames('reasons', STATUS_REASONS, firstColumn(sectionOf(page, '## Reasons')), problems);
  compareNames('reasons of an attempt', ATTEMPT_REASONS, firstColumn(sectionOf(page, '## An attempt')), problems);
  return problems.map((problem) => `${PAGE}: ${problem}`);
}

function compareNames(what, inCode, inPage, problems) {
  for (const name of inCode) if (!inPage.includes(name)) problems.push(`the ${what} lack ${name}`);
  for (const name of inPage) if (!inCode.includes(name)) problems.push(`the ${what} have ${name}, which the code does not know`);
}

/** From a heading to the next one of the same rank. */
function sectionOf(page, heading) {
  const start = page.indexOf(`${heading}\n`);
  if (start < 0) throw new Error(`${PAGE} has no heading "${heading}"`);
  const end = page.indexOf('\n## ', start + 1);
  return page.slice(start, end < 0 ? undefined : end);
}

function firstColumn(section) {
  return [...section.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name]) => name);
}

function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function code(text) {
  return `\`${text}\``;
}
