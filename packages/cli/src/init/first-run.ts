/*
 * A program of its own: runs the workflow that `taskloom init` wrote, with the project's packages, on a database that is
 * thrown away, and prints each task as it ends.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type * as Core from '@taskloom/core';
import { createJiti } from 'jiti';

const folder = process.argv[2]!;
const require = createRequire(join(folder, 'package.json'));
const load = (name: string): Promise<unknown> => import(pathToFileURL(require.resolve(name)).href);
await load('reflect-metadata');
const core = (await load('@taskloom/core')) as typeof Core;
interface Decorators {
  readonly toAgentDefinition: (target: unknown, instance: object, options: object) => Core.AgentDefinition;
  readonly toWorkflowDefinition: (target: unknown, instance: object, options: object) => Core.WorkflowDefinition;
}
const { toAgentDefinition, toWorkflowDefinition } = (await load('@taskloom/decorators')) as Decorators;

// Compiles what it loads, decorators too.
const jiti = createJiti(join(folder, 'taskloom.config.ts'), { fsCache: false });
const { Greet } = await jiti.import<{ Greet: new () => object }>(join(folder, 'src/taskloom/greet.agent.ts'));
const { Welcome } = await jiti.import<{ Welcome: new () => object }>(join(folder, 'src/taskloom/welcome.workflow.ts'));
const { manifest } = await jiti.import<{ manifest: object }>(join(folder, 'src/generated/taskloom.generated.ts'));

const temporary = mkdtempSync(join(tmpdir(), 'taskloom-init-'));
const engine = core.createEngine({ store: { path: join(temporary, 'first.db') }, logger: core.silentLogger });
engine.register(toAgentDefinition(Greet, new Greet(), { manifest }), toWorkflowDefinition(Welcome, new Welcome(), { manifest }));
await engine.start();
const job = await engine.startWorkflow('welcome', { names: ['Ada', 'Alan'] });
const result = await job.result();
await engine.stop();
rmSync(temporary, { recursive: true, force: true });
process.stdout.write(`welcome → ${JSON.stringify(result)}\n`);
