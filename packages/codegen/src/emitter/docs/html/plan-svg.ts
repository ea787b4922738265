import type { PlanGraph } from '../../../shape/plan-graph.js';
import { htmlText } from './html-text.js';
import { layOutPlan, LINE_HEIGHT, type Box, type PlanLayout, type Point } from './plan-layout.js';

/** A plan as an SVG that takes its colours from the page. `id` tells it from others on the page. */
export function planSvg(graph: PlanGraph, id: string): string {
  const { width, height, stories, edges, tasks } = layOutPlan(graph);
  const size = `width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}"`;
  // Wide graphs shrink to fit, but not so far that they cannot be read.
  const style = `style="min-width:${Math.round(width * 0.7)}px"`;
  const arrow = `<path d="M0 0 8 4 0 8z"/>`;
  const marker = `<defs><marker id="${id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">${arrow}</marker></defs>`;
  const parts = [
    ...stories.map(storySvg),
    ...edges.map((edge) => edgeSvg(edge, id)),
    ...tasks.map(({ lines, box }) => taskSvg(lines, box)),
  ];
  return `<svg class="plan" role="img" aria-label="The plan as a graph" ${size} ${style}>${marker}${parts.join('')}</svg>`;
}

function storySvg({ name, box: { x, y, width, height } }: PlanLayout['stories'][number]): string {
  const [left, top] = [x - width / 2, y - height / 2];
  const title = `<text x="${round(left + 10)}" y="${round(top + 13)}">${htmlText(name)}</text>`;
  return `<g class="story"><rect x="${round(left)}" y="${round(top)}" width="${round(width)}" height="${round(height)}" rx="8"/>${title}</g>`;
}

function taskSvg(lines: readonly string[], { x, y, width, height }: Box): string {
  const rect = `<rect x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${round(width)}" height="${round(height)}" rx="6"/>`;
  const first = y - ((lines.length - 1) * LINE_HEIGHT) / 2 + 4;
  const texts = lines.map(
    (line, index) =>
      `<text x="${round(x)}" y="${round(first + index * LINE_HEIGHT)}"${index === 0 ? '' : ' class="second"'}>${htmlText(line)}</text>`,
  );
  return `<g class="task">${rect}${texts.join('')}</g>`;
}

function edgeSvg({ points, mode, label }: PlanLayout['edges'][number], arrow: string): string {
  const text = label ? `<text class="mode" x="${round(label.x)}" y="${round(label.y - 4)}">${htmlText(mode)}</text>` : '';
  return `<path class="edge${label ? ' dashed' : ''}" d="${curve(points)}" marker-end="url(#${arrow})"/>${text}`;
}

/** A line that bends softly at the points in between; its ends are straight, so that the arrow points where it leads. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const last = rest.pop();
  if (!first || !last) return '';
  const bends = rest.map((point, index) => {
    const next = middle(point, rest[index + 1] ?? last);
    return `${index === 0 ? `L${at(middle(first, point))}` : ''}Q${at(point)} ${at(next)}`;
  });
  return `M${at(first)}${bends.join('')}L${at(last)}`;
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

function at({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
