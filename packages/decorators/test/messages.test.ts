import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it, jest } from '@jest/globals';
import ts from 'typescript';

jest.setTimeout(120_000);

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const HEAD = `import { TaskAgent, Workflow } from './index.js';\nimport { z } from 'zod';\nconst Path = z.object({ path: z.string() });\nconst Lines = z.object({ lines: z.number() });\n`;

/** What authors get wrong most, each on its own. */
const MISTAKES = {
  wrongInput: `@TaskAgent({ name: 'a', input: Path, output: Lines })\nexport class A { execute(input: { path: number }) { return { lines: input.path }; } }`,
  wrongOutput: `@TaskAgent({ name: 'a', input: Path, output: Lines })\nexport class A { async execute(input: { path: string }) { return { lines: input.path }; } }`,
  missingMethod: `@TaskAgent({ name: 'a' })\nexport class A { run() {} }`,
  unknownOption: `@TaskAgent({ name: 'a', retries: 3 })\nexport class A { execute() {} }`,
  publishesInBatches: `import { defineTopic } from '@taskloom/core';\nconst Read = defineTopic({ name: 'read', payload: Path });\n@TaskAgent({ name: 'a', batch: { maxSize: 2, maxWait: 0 }, publishes: [Read] })\nexport class A { async executeBatch(inputs: readonly string[]) { return Promise.allSettled(inputs); } }`,
  onAMethod: `export class A { @TaskAgent({ name: 'a' }) execute() {} }`,
  wrongPlan: `@Workflow({ name: 'a', input: Path, output: Lines })\nexport class A { plan() { return { lines: 'x' }; } }`,
};

/** The compiler's message for each mistake, outermost and innermost line. */
function messages(): { [Name in keyof typeof MISTAKES]: string[] } {
  const { config } = ts.readConfigFile(join(FOLDER, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as { config: unknown };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, FOLDER);
  const files = new Map(Object.entries(MISTAKES).map(([name, text]) => [join(FOLDER, 'src', `${name}.mistake.ts`), `${HEAD}${text}\n`]));
  const host = ts.createCompilerHost(options);
  const readFile = host.readFile.bind(host);
  const fileExists = host.fileExists.bind(host);
  host.readFile = (path) => files.get(path) ?? readFile(path);
  host.fileExists = (path) => files.has(path) || fileExists(path);
  const program = ts.createProgram({ rootNames: [...files.keys()], options: { ...options, noUnusedLocals: false }, host });
  return Object.fromEntries(
    Object.keys(MISTAKES).map((name) => {
      const file = program.getSourceFile(join(FOLDER, 'src', `${name}.mistake.ts`));
      return [
        name,
        program.getSemanticDiagnostics(file).flatMap(({ messageText }) =>
          ts
            .flattenDiagnosticMessageText(messageText, '\n')
            .split('\n')
            .map((line) => line.trim()),
        ),
      ];
    }),
  ) as ReturnType<typeof messages>;
}

describe('the compiler', () => {
  it('says in a few words what does not match', () => {
    const { wrongInput, wrongOutput, missingMethod, unknownOption, publishesInBatches, onAMethod, wrongPlan } = messages();
    expect(wrongInput).toContain(
      "Argument of type 'typeof A' is not assignable to parameter of type 'ClassWithExecute<{ path: string; }, { lines: number; }>'.",
    );
    expect(wrongInput.at(-1)).toBe("Type 'string' is not assignable to type 'number'.");
    expect(wrongOutput).toContain("Types of property 'lines' are incompatible.");
    expect(wrongOutput.at(-1)).toBe("Type 'string' is not assignable to type 'number'.");
    expect(missingMethod.at(-1)).toBe(
      "Property 'execute' is missing in type 'A' but required in type '{ execute: (input: never, ctx: TaskContext) => unknown; }'.",
    );
    expect(unknownOption).toEqual([expect.stringContaining("'retries' does not exist in type 'TaskAgentOptions<")]);
    expect(publishesInBatches).toEqual([expect.stringMatching(/^Type 'TopicDefinition<.*>' is not assignable to type 'never'\.$/)]);
    expect(onAMethod.at(-1)).toBe('The runtime will invoke the decorator with 3 arguments, but the decorator expects 1.');
    expect(wrongPlan).toContain(
      "Argument of type 'typeof A' is not assignable to parameter of type 'ClassWithPlan<{ path: string; }, Refable<{ lines: number; }>>'.",
    );
    for (const message of [wrongInput, wrongOutput, missingMethod, wrongPlan]) expect(message.length).toBeLessThanOrEqual(10);
  });
});
