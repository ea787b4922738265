import 'reflect-metadata';

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createEngine, defineWorkflow } from '@taskloom/core';
import { toAgentDefinition, toWorkflowDefinition } from '@taskloom/decorators';
import { z } from 'zod';

import { Describe, LastSeen } from './agents.js';
import { Birds } from './birds.workflow.js';
import { NoteRare, Weigh } from './messages.js';
import { manifest, weigh, workflowNames } from './generated/taskloom.generated.js';

const folder = mkdtempSync(join(tmpdir(), 'taskloom-birds-'));
const engine = createEngine({ store: { path: join(folder, 'birds.sqlite') } });
const noteRare = new NoteRare();
const scales = new Weigh();
engine.register(
  toAgentDefinition(LastSeen, new LastSeen(), { manifest }),
  toAgentDefinition(Describe, new Describe(), { manifest }),
  toAgentDefinition(NoteRare, noteRare),
  toAgentDefinition(Weigh, scales, { manifest }),
  toWorkflowDefinition(Birds, new Birds(), { manifest }),
  defineWorkflow({
    name: 'weighing',
    input: z.object({}),
    plan: (flow) => {
      const weighed = ['owl', 'kite', 'emu'].map((bird) =>
        flow.add(weigh({ bird, hatchedAt: '2020-01-01T00:00:00Z' }).named(bird).onFailure('skip')),
      );
      return weighed.slice(0, 2).map(({ out }) => out);
    },
  }),
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
const refusal = await engine
  .startWorkflow(workflowNames[0], { from: 'yesterday', sightings: [{ bird: 'owl', at: '2024-05-01T10:00:00Z', count: 0.5 }] })
  .catch((error: Error) => error.message);

const weighing = await engine.startWorkflow('weighing', {});
const weighed = await weighing.result();

await engine.stop();
rmSync(folder, { recursive: true });
console.log(
  JSON.stringify({
    result,
    refusal,
    notes: noteRare.notes,
    weighed,
    calls: scales.calls,
    classes: [LastSeen.name, Describe.name, Birds.name],
  }),
);
