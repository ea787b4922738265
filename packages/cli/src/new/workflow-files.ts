import { literal, type NewFiles, type NewNames } from './new-files.js';

/** A workflow and its test. It lays out nothing yet, and runs. */
export function workflowFiles(names: NewNames): NewFiles {
  return { source: sourceOf(names), test: testOf(names) };
}

function sourceOf({ name, className, description }: NewNames): string {
  return `import type { Flow } from '@taskloom/core';
import { Workflow } from '@taskloom/decorators';

/**
 * Its JSON Schema follows from the types and comments: \`npx taskloom generate\`.
 *
 * @example { "subject": "words" }
 */
export interface ${className}Input {
  /** What it is about. */
  subject: string;
}

@Workflow({ name: '${name}', description: ${literal(description)} })
export class ${className} {
  /** Lays out the graph of a job; runs once for each. Tasks come with \`flow.add(Agent, input)\`; a task's \`out\` is input of others. */
  plan(flow: Flow, input: ${className}Input) {
    flow.objective(\`${description.replaceAll(/[\\`$]/g, '').replaceAll(/\s+/g, ' ')}: \${input.subject}\`);
    return { subject: input.subject };
  }
}
`;
}

function testOf({ name, className, fileName, manifestSpecifier, runner }: NewNames): string {
  const outside = ["import { runInline } from '@taskloom/core/testing';", "import { toWorkflowDefinition } from '@taskloom/decorators';"];
  return `import 'reflect-metadata';

${[...outside, ...runner.imports].join('\n')}

import { manifest } from '${manifestSpecifier}';
import { ${className} } from './${fileName}.workflow.js';

const workflow = toWorkflowDefinition(${className}, new ${className}(), { manifest });

describe('${name}', () => {
  it('completes', async () => {
    // Agents that it uses are definitions, too: \`toAgentDefinition(Agent, new Agent(), { manifest })\`, or a \`scriptedAgent\`.
    const { job, output } = await runInline({ definitions: [workflow], workflow, input: { subject: 'words' } });
    ${runner.equal('job.status', "'COMPLETED'")}
    ${runner.equal('output', "{ subject: 'words' }")}
  });
});
`;
}
