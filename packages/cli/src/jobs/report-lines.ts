import type { Cost, JobReportState, TaskReport } from '@taskloom/client';
import { coloursFor, oneLine, type Colours } from '@taskloom/terminal';

import { count } from '../terminal/count.js';
import { table } from '../terminal/table.js';
import type { Terminal } from '../terminal/terminal.js';
import { clockText, durationText, errorText, outcomeText, progressText } from './job-lines.js';

/** Agents of the engine itself begin so. */
const ENGINES_OWN = '$';

/** What became of a job, for people: the job itself, a line for each task, and its attempts below a task that needed several. */
export function reportLines({ job, tookMs, ranMs, cost, tasks, tasksLeftOut }: JobReportState, { stdout, env }: Terminal): string {
  const colours = coloursFor(stdout, env);
  const { id, name, workflow, startedAt, error } = job;
  const facts: [string, string | null][] = [
    ['Job', id],
    ['Name', workflow === name ? null : oneLine(name)],
    ['Workflow', workflow === null ? null : oneLine(workflow)],
    ['Status', outcomeText(job, colours)],
    ['Progress', progressText(job)],
    ['Started', startedAt === null ? null : clockText(startedAt)],
    ['Took', tookMs === null ? null : `${durationText(tookMs)}, in which agents ran for ${durationText(ranMs)}`],
    ['Spent', costText(cost)],
    ['Error', error === null ? null : errorText(error)],
  ];
  const shown = facts.flatMap(([fact, value]) => (value === null ? [] : [[colours.dim(fact), value]]));
  const left = tasksLeftOut > 0 ? `and ${count(tasksLeftOut, 'task')} more\n` : '';
  return `${table(shown)}\n${table(tasks.flatMap((task) => taskRows(task, colours)))}${left}`;
}

function taskRows(task: TaskReport, colours: Colours): string[][] {
  const { key, agent, attempt, ranMs, attempts, totalCost } = task;
  const facts = [taskStatus(task, colours), oneLine(key)];
  const spent = costText(totalCost) ?? '';
  // What no agent of the application does has nothing to tell of attempts.
  if (agent === null || agent.startsWith(ENGINES_OWN)) return [[...facts, '', spent, outcomeOf(task)]];
  const did = attempts.length === 0 ? [] : [count(attempt, 'attempt'), durationText(ranMs)];
  const row = [...facts, `@${oneLine(agent)}`, [...did, ...(spent === '' ? [] : [spent])].join(', '), outcomeOf(task)];
  // The latest comes first; people read on from the first.
  return [row, ...(attempts.length > 1 ? attempts.toReversed().map((one) => attemptRow(one, colours)) : [])];
}

function attemptRow({ number, status, startedAt, endedAt, error }: TaskReport['attempts'][number], { dim }: Colours): string[] {
  const took = endedAt === null ? '' : `, ${durationText(Date.parse(endedAt) - Date.parse(startedAt))}`;
  return [
    '',
    dim(`  ${number}. ${status.toLowerCase().replaceAll('_', ' ')}`),
    '',
    dim(`${clockText(startedAt)}${took}`),
    error ? errorText(error) : '',
  ];
}

/** `1,200 tokens, 0.03 usd`; `null` for nothing. */
function costText(cost: readonly Cost[]): string | null {
  return cost.length === 0 ? null : cost.map(({ unit, amount }) => `${amount.toLocaleString('en')} ${oneLine(unit)}`).join(', ');
}

function taskStatus({ status }: TaskReport, { green, red, cyan, yellow, dim }: Colours): string {
  const colours: { readonly [Status in TaskReport['status']]?: (text: string) => string } = {
    COMPLETED: green,
    ACCEPTED: green,
    FAILED: red,
    REJECTED: red,
    IN_PROGRESS: cyan,
    BLOCKED: yellow,
  };
  return (colours[status] ?? dim)(status);
}

/** Why it failed, else why it stands where it stands, else what it came to. */
function outcomeOf({ status, error, statusMessage, summary }: TaskReport): string {
  if (error && status !== 'COMPLETED' && status !== 'ACCEPTED') return errorText(error);
  return oneLine(statusMessage ?? summary ?? '');
}
