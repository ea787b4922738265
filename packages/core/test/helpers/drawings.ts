import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { JSDOM } from 'jsdom';

const { window } = new JSDOM('');
// Mermaid cleans its labels with DOMPurify, which needs a document.
Object.assign(globalThis, { window, document: window.document });
const { default: mermaid } = await import('mermaid');
// Its kinds of diagrams are known from its first use on.
await mermaid.parse('flowchart LR');
const graphviz = await Graphviz.load();

export interface DrawnNode {
  readonly id: string;
  readonly lines: readonly string[];
}

export interface Drawing {
  readonly nodes: readonly DrawnNode[];
  /** Boxes around nodes. */
  readonly boxes: readonly DrawnNode[];
  /** `a->b`, with what is written on the arrow. */
  readonly edges: readonly string[];
}

/** What Graphviz itself draws; throws where it cannot read the text. */
export function drawDot(dot: string): Drawing & { readonly svg: string; readonly title: string } {
  const svg = graphviz.layout(dot, 'svg', 'dot');
  const document = new window.DOMParser().parseFromString(svg, 'image/svg+xml');
  if (document.querySelector('parsererror')) throw new Error(`Graphviz wrote no XML: ${document.documentElement.textContent ?? ''}`);
  const elements = (name: string): { id: string; lines: string[] }[] =>
    [...document.querySelectorAll(`g.${name}`)].map((element) => ({
      id: element.querySelector('title')?.textContent ?? '',
      lines: [...element.querySelectorAll('text')].map(({ textContent }) => (textContent ?? '').replaceAll('\u00a0', ' ')),
    }));
  const title = [...document.querySelectorAll('g.graph > text')]
    .map(({ textContent }) => (textContent ?? '').replaceAll('\u00a0', ' '))
    .join('');
  return {
    svg,
    title,
    nodes: elements('node'),
    boxes: elements('cluster'),
    edges: elements('edge').map(({ id, lines }) => [id, ...lines].join(' ')),
  };
}

/** What Mermaid's own parser reads; throws where it cannot. */
export async function readMermaid(text: string): Promise<Drawing> {
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
  const flow = db as unknown as {
    getVertices(): Map<string, { id: string; text: string }>;
    getEdges(): { start: string; end: string; text: string }[];
    getSubGraphs(): { id: string; title: string }[];
  };
  return {
    nodes: [...flow.getVertices().values()].map(({ id, text: label }) => ({ id, lines: linesOf(label) })),
    boxes: flow.getSubGraphs().map(({ id, title }) => ({ id, lines: linesOf(title) })),
    edges: flow.getEdges().map(({ start, end, text: label }) => [`${start}->${end}`, ...(label === '' ? [] : [label])].join(' ')),
  };
}

/** Between its parser and its drawing Mermaid keeps entities in a form of its own (encodeEntities in its utils). */
function linesOf(label: string): string[] {
  const html = label.replace(/ﬂ°°(\d+)¶ß/g, '&#$1;').replace(/ﬂ°(\w+)¶ß/g, '&$1;');
  return html.split(/<br\s*\/?>/).map((line) => {
    const element = window.document.createElement('div');
    element.innerHTML = line;
    if (element.children.length > 0) throw new Error(`the label has markup: ${line}`);
    return element.textContent ?? '';
  });
}
