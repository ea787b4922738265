import type { Cost } from '../model/cost.js';
import { drawable, nameOf, shorten } from './escape.js';
import type { ValuePreview } from './preview-value.js';
import type { GraphDetail, GraphNode } from './render-graph.js';

const TEXT_CHARS = 50;
const ERROR_CHARS = 100;
const TOOLTIP_CHARS = 500;

/** What is written into a task's box, line by line, none of them empty. */
export function nodeLines(node: GraphNode, detail: GraphDetail): string[] {
  const lines = [titleOf(node), `#${node.no} ${shorten(node.key, TEXT_CHARS)}`, statusOf(node, detail)];
  if (detail === 'DETAILED' && node.agent !== null) lines.push(`agent ${shorten(node.agent, TEXT_CHARS)}`);
  if (node.description !== null) lines.push(shorten(node.description, TEXT_CHARS));
  if (detail === 'DETAILED') lines.push(...detailsOf(node));
  return lines.map(drawable).filter((line) => line !== '');
}

/** The heading of a box around tasks, and of a task. */
export function titleOf(node: GraphNode): string {
  return shorten(nameOf(node), TEXT_CHARS);
}

/** What shows when the pointer rests on a task. */
export function tooltipOf({ id, type, agent, description }: GraphNode): string {
  const parts = [id, type, agent ?? 'stands for the tasks below it', description ?? ''];
  return shorten(parts.filter((part) => part !== '').join(' · '), TOOLTIP_CHARS);
}

function statusOf({ status, statusReason, attempt, progress }: GraphNode, detail: GraphDetail): string {
  const reason = statusReason === null ? '' : ` (${statusReason})`;
  if (detail === 'SIMPLE') return status + reason;
  const share = status === 'IN_PROGRESS' && progress > 0 ? `, ${progress} %` : '';
  return `${status}${reason}${attempt > 1 ? `, attempt ${attempt}` : ''}${share}`;
}

function detailsOf({ input, output, error, cachedFrom, cacheEntries, cost, createdAt }: GraphNode): string[] {
  return [
    ...(input ? valueLines('in', input) : []),
    ...(error === undefined ? (output ? valueLines('out', output) : []) : [`error ${shorten(error, ERROR_CHARS)}`]),
    ...(cachedFrom === null ? [] : [`result of ${shorten(cachedFrom, TEXT_CHARS)}`]),
    ...(cacheEntries === undefined ? [] : [`cache ${cacheEntries} ${cacheEntries === 1 ? 'entry' : 'entries'}`]),
    ...(cost === undefined ? [] : [shorten(`spent ${costText(cost)}`, ERROR_CHARS)]),
    `created ${new Date(createdAt).toISOString()}`,
  ];
}

function costText(cost: Cost): string {
  return Object.entries(cost)
    .map(([unit, amount]) => `${amount} ${unit}`)
    .join(', ');
}

function valueLines(side: 'in' | 'out', { fields, more }: ValuePreview): string[] {
  const lines = fields.map(({ name, value }) => `${side} ${name === '' ? value : `${name}: ${value}`}`);
  return more > 0 ? [...lines, `${side} … ${more} more`] : lines;
}
