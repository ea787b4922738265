import 'reflect-metadata';

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createEngine } from '@taskloom/core';
import { toAgentDefinition, toWorkflowDefinition } from '@taskloom/decorators';

import { Describe, LastSeen } from './agents.js';
import { Birds } from './birds.workflow.js';
import { manifest, workflowNames } from './generated/taskloom.generated.js';

const folder = mkdtempSync(join(tmpdir(), 'taskloom-birds-'));
const engine = createEngine({ store: { path: join(folder, 'birds.sqlite') } });
engine.register(
  toAgentDefinition(LastSeen, new LastSeen(), { manifest }),
  toAgentDefinition(Describe, new Describe(), { manifest }),
  toWorkflowDefinition(Birds, new Birds(), { manifest }),
);
await engine.start();

const job = await engine.startWorkflow(workflowNames[0], {
  from: '2020-01-01T00:00:00Z',
  sightings: [
    { bird: 'owl', at: '2024-05-01T10:00:00Z', count: 2 },
    { bird: 'kite', at: '2025-05-01T10:00:00Z', count: 3 },
  ],
});
const result = await job.result();
const refusal = await engine.startWorkflow(workflowNames[0], { from: 'yesterday', sightings: [{ bird: 'owl', at: '2024-05-01T10:00:00Z', count: 0.5 }] }).catch((error: Error) => error.message);

await engine.stop();
rmSync(folder, { recursive: true });
console.log(JSON.stringify({ result, refusal, classes: [LastSeen.name, Describe.name, Birds.name] }));
