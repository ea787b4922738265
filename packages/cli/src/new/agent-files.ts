import { literal, type NewFiles, type NewNames } from './new-files.js';

/** An agent and its test. With zod it gives its schemas, else they follow from its types. */
export function agentFiles(names: NewNames, { hasZod }: { readonly hasZod: boolean }): NewFiles {
  return { source: hasZod ? sourceWithZod(names) : sourceWithTypes(names), test: testOf(names, hasZod) };
}

function sourceWithTypes({ name, className, description }: NewNames): string {
  return `import type { TaskContext } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';

/** Its JSON Schema follows from the types and comments: \`npx taskloom generate\`. */
export interface ${className}Input {
  /** What it is about. */
  text: string;
}

export interface ${className}Output {
  text: string;
}

@TaskAgent({ name: '${name}', description: ${literal(description)} })
export class ${className} {
  async execute(input: ${className}Input, ctx: TaskContext): Promise<${className}Output> {
    ctx.signal.throwIfAborted();
    return { text: input.text };
  }
}
`;
}

function sourceWithZod({ name, className, description }: NewNames): string {
  return `import type { TaskContext } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';

export const ${className}Input = z.object({
  text: z.string().describe('What it is about.'),
});

export const ${className}Output = z.object({
  text: z.string(),
});

@TaskAgent({ name: '${name}', description: ${literal(description)}, input: ${className}Input, output: ${className}Output })
export class ${className} {
  async execute(input: z.output<typeof ${className}Input>, ctx: TaskContext): Promise<z.input<typeof ${className}Output>> {
    ctx.signal.throwIfAborted();
    return { text: input.text };
  }
}
`;
}

function testOf({ name, className, fileName, manifestSpecifier, runner }: NewNames, hasZod: boolean): string {
  const outside = ["import { runInline } from '@taskloom/core/testing';", "import { toAgentDefinition } from '@taskloom/decorators';"];
  const inside = [
    hasZod ? '' : `import { manifest } from '${manifestSpecifier}';`,
    `import { ${className} } from './${fileName}.agent.js';`,
  ];
  return `import 'reflect-metadata';

${[...outside, ...runner.imports].join('\n')}

${inside.filter((line) => line !== '').join('\n')}

const agent = toAgentDefinition(${className}, new ${className}()${hasZod ? '' : ', { manifest }'});

describe('${name}', () => {
  it('gives back what it gets', async () => {
    const { outputs, error } = await runInline({
      definitions: [agent],
      job: { name: 'test', tasks: [{ key: 'task', agent: '${name}', input: { text: 'hello' } }] },
    });
    ${runner.equal('error', 'null')}
    ${runner.equal("outputs.get('task')", "{ text: 'hello' }")}
  });
});
`;
}
