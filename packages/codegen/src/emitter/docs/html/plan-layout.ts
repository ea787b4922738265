/* Where everything in a plan is drawn. */
import { graphlib, layout as layOutGraph } from '@dagrejs/dagre';

import type { PlanGraph, PlannedTask } from '../../../shape/plan-graph.js';
import { reduceEdges } from './reduce-edges.js';

const CHARACTER_WIDTH = 7.4;
export const LINE_HEIGHT = 18;
const MAX_CHARS = 34;

/** The middle of a box, and its size. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlanLayout {
  readonly width: number;
  readonly height: number;
  readonly stories: readonly { readonly name: string; readonly box: Box }[];
  readonly tasks: readonly { readonly lines: readonly string[]; readonly box: Box }[];
  readonly edges: readonly { readonly points: readonly Point[]; readonly mode: string; readonly label: Point | null }[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The part of the layout library that is used here; the types it ships do not resolve. */
interface LayoutGraph {
  setGraph(options: object): void;
  setNode(id: string, size: object): void;
  setParent(id: string, parent: string): void;
  setEdge(from: string, to: string, label: object, name: string): void;
  graph(): { readonly width?: number; readonly height?: number };
  node(id: string): Box;
  edges(): readonly { readonly v: string; readonly w: string }[];
  edge(edge: object): { readonly points: readonly Point[]; readonly mode: string } & Point;
}

/** What a page has room for; a plan that is wider is not seen as a whole. */
const ROOM = 960;

/** Lays a plan out from left to right, or from top to bottom where that is narrower and the page too narrow. The same plan gives the same layout. */
export function layOutPlan(plan: PlanGraph): PlanLayout {
  const fromLeft = layOut(plan, 'LR');
  if (fromLeft.width <= ROOM) return fromLeft;
  const fromTop = layOut(plan, 'TB');
  return fromTop.width < fromLeft.width ? fromTop : fromLeft;
}

function layOut(plan: PlanGraph, direction: 'LR' | 'TB'): PlanLayout {
  const graph = new graphlib.Graph({ compound: true, multigraph: true }) as LayoutGraph;
  const nodes = nodesOf(plan);
  const stories = plan.tasks.filter(({ kind }) => kind === 'story');
  graph.setGraph({ rankdir: direction, nodesep: 18, ranksep: direction === 'LR' ? 46 : 42, marginx: 12, marginy: 12 });
  for (const { key } of stories) graph.setNode(key, {});
  for (const { id, lines, parent } of nodes) {
    const width = Math.max(...lines.map((line) => line.length)) * CHARACTER_WIDTH + 28;
    graph.setNode(id, { width: Math.max(width, 60), height: lines.length * LINE_HEIGHT + 16 });
    if (parent !== null) graph.setParent(id, parent);
  }
  for (const { key, parent } of stories) if (parent !== null) graph.setParent(key, parent);
  for (const { from, to, mode } of reduceEdges(edgesOf(plan))) graph.setEdge(from, to, labelled(mode), mode);
  layOutGraph(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width,
    height,
    stories: stories.map(({ key, name }) => ({ name: shortened(name), box: graph.node(key) })),
    tasks: nodes.map(({ id, lines }) => ({ lines, box: graph.node(id) })),
    edges: graph.edges().map((edge) => {
      const { points, mode, x, y } = graph.edge(edge);
      const leaves = portsOf(graph.node(edge.v), direction, 1);
      const enters = portsOf(graph.node(edge.w), direction, -1);
      return { points: [...leaves, ...points.slice(1, -1), ...enters.reverse()], mode, label: mode === 'completed' ? null : { x, y } };
    }),
  };
}

/** How far a line goes straight where it leaves or enters a box. */
const STRAIGHT = 16;

/** Where lines leave a box (1) or enter it (-1), in the middle of a side, and the point they have there outside: so they do not run into the box beside it. */
function portsOf({ x, y, width, height }: Box, direction: 'LR' | 'TB', way: 1 | -1): Point[] {
  const reach = direction === 'LR' ? width / 2 : height / 2;
  const at = (distance: number): Point => (direction === 'LR' ? { x: x + way * distance, y } : { x, y: y + way * distance });
  return [at(reach), at(reach + STRAIGHT)];
}

/** Only modes other than the usual one are said, and take room. */
function labelled(mode: string): object {
  return mode === 'completed' ? { mode } : { mode, labelpos: 'c', width: mode.length * CHARACTER_WIDTH + 8, height: LINE_HEIGHT };
}

interface PlanNode {
  readonly id: string;
  readonly parent: string | null;
  readonly lines: readonly string[];
}

/** Everything that is drawn as a box of its own: tasks, and the agents that conclude stories. */
function nodesOf({ tasks }: PlanGraph): PlanNode[] {
  return tasks.flatMap((task): PlanNode[] => {
    if (task.kind === 'task') return [{ id: task.key, parent: task.parent, lines: linesOf(task) }];
    const isEmpty = !tasks.some(({ parent }) => parent === task.key);
    if (task.agent === null && !isEmpty) return [];
    return [{ id: conclusionOf(task.key), parent: task.key, lines: [shortened(task.agent ?? '')] }];
  });
}

interface PlanEdge {
  readonly from: string;
  readonly to: string;
  readonly mode: string;
}

/** Edges between boxes. A story is entered at the tasks that wait for nothing inside it, and left at those nothing inside waits for. */
function edgesOf({ tasks }: PlanGraph): PlanEdge[] {
  const byKey = new Map(tasks.map((task) => [task.key, task]));
  const inside = (story: string): readonly PlannedTask[] => tasks.filter(({ parent }) => parent === story);
  const entries = (task: PlannedTask): string[] => {
    if (task.kind === 'task') return [task.key];
    const within = inside(task.key);
    const keys = new Set(within.map(({ key }) => key));
    const first = within.filter(({ dependencies }) => !dependencies.some(({ on }) => keys.has(on))).flatMap(entries);
    return first.length > 0 ? first : [conclusionOf(task.key)];
  };
  const exits = (task: PlannedTask): string[] => {
    if (task.kind === 'task') return [task.key];
    const within = inside(task.key);
    if (task.agent !== null || within.length === 0) return [conclusionOf(task.key)];
    return lastOf(within).flatMap(exits);
  };
  const conclusions = tasks
    .filter((task) => task.kind === 'story' && task.agent !== null)
    .flatMap((story) =>
      lastOf(inside(story.key)).flatMap((last) => exits(last).map((from) => ({ from, to: conclusionOf(story.key), mode: 'completed' }))),
    );
  const given = tasks.flatMap((task) =>
    task.dependencies.flatMap(({ on, mode }) => {
      const source = byKey.get(on);
      if (!source || source.parent === task.key) return [];
      return exits(source).flatMap((from) => entries(task).map((to) => ({ from, to, mode })));
    }),
  );
  return [...given, ...conclusions].filter(({ from, to }) => from !== to);
}

function lastOf(tasks: readonly PlannedTask[]): readonly PlannedTask[] {
  const awaited = new Set(tasks.flatMap(({ dependencies }) => dependencies.map(({ on }) => on)));
  return tasks.filter(({ key }) => !awaited.has(key));
}

function conclusionOf(story: string): string {
  return `${story}\0conclusion`;
}

function linesOf({ name, agent, isEach }: PlannedTask): string[] {
  return [shortened(name), ...(agent === null || agent === name ? [] : [shortened(agent)]), ...(isEach ? ['for each item'] : [])];
}

function shortened(text: string): string {
  const characters = [...text];
  return characters.length <= MAX_CHARS ? text : `${characters.slice(0, MAX_CHARS - 1).join('')}…`;
}
