import type { PlanGraph, PlannedTask } from '../../../shape/plan-graph.js';

/** A plan as a Mermaid flowchart: stories are boxes around their tasks, arrows are dependencies. */
export function planMermaid({ tasks }: PlanGraph): string {
  const ids = new Map(tasks.map(({ key }, index) => [key, `t${index}`]));
  const lines = ['flowchart LR'];
  const place = (parent: string | null, indent: string): void => {
    for (const task of tasks.filter((one) => one.parent === parent)) {
      const id = ids.get(task.key)!;
      if (task.kind === 'task') lines.push(`${indent}${id}["${labelOf(task)}"]`);
      else {
        lines.push(`${indent}subgraph ${id}["${mermaidText(task.name)}"]`);
        place(task.key, `${indent}  `);
        if (task.agent !== null) lines.push(`${indent}  ${id}c["${mermaidText(task.agent)}"]`);
        lines.push(`${indent}end`);
      }
    }
  };
  place(null, '  ');
  for (const task of tasks) {
    for (const { on, mode } of task.dependencies) {
      const from = ids.get(on);
      // What a story's concluding agent reads from its own tasks.
      const inside = tasks.some(({ key, parent }) => key === on && parent === task.key);
      const to = `${ids.get(task.key)!}${inside ? 'c' : ''}`;
      if (from !== undefined) lines.push(`  ${from} ${mode === 'completed' ? '-->' : `-. ${mermaidText(mode)} .->`} ${to}`);
    }
  }
  return lines.join('\n');
}

function labelOf({ name, agent, isEach }: PlannedTask): string {
  const second = agent === null || agent === name ? '' : agent;
  const lines = [mermaidText(name), ...(second === '' ? [] : [mermaidText(second)]), ...(isEach ? ['for each item'] : [])];
  return lines.join('<br/>');
}

/** Letters of any language stay; what Mermaid could take for its own becomes a character code. */
export function mermaidText(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} .,:/()'_-]/gu, (character) => (/\s/.test(character) ? ' ' : `#${character.codePointAt(0)!};`));
}
