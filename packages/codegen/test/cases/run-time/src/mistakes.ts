/* What goes wrong when an application boots, each by itself: what was thrown, as one list. */
import 'reflect-metadata';

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createEngine, defineTopic, isTaskloomError } from '@taskloom/core';
import { PubSubAgent, TaskAgent, toAgentDefinition, toWorkflowDefinition } from '@taskloom/decorators';

import { z } from 'zod';

import { Describe, LastSeen } from './agents.js';
import { Birds } from './birds.workflow.js';
import { manifest } from './generated/taskloom.generated.js';
import { NoteRare, Rare } from './messages.js';

/** The decorator as code without types calls it. */
const decorate = TaskAgent({ name: 'mistake' }) as (target: unknown, ...rest: unknown[]) => void;
const folder = mkdtempSync(join(tmpdir(), 'taskloom-mistakes-'));
const engine = createEngine({ store: { path: join(folder, 'mistakes.sqlite') } });

const mistakes: { readonly [name: string]: () => unknown } = {
  'an agent without the manifest': () => toAgentDefinition(LastSeen, new LastSeen()),
  'a workflow without the manifest': () => toWorkflowDefinition(Birds, new Birds()),
  'a manifest that is too old': () => toAgentDefinition(LastSeen, new LastSeen(), { manifest: { agents: {}, workflows: {} } }),
  'two classes with one name': () => {
    const again = { agents: { ...manifest.agents, 'last-seen': manifest.agents['describe']! }, workflows: {} };
    class Again extends Describe {}
    // Called by hand, for the generator would see a decorator and say so first.
    (TaskAgent({ name: 'last-seen' }) as (target: unknown) => void)(Again);
    engine.register(toAgentDefinition(LastSeen, new LastSeen(), { manifest }), toAgentDefinition(Again, new Again(), { manifest: again }));
  },
  'a getter': () =>
    decorate(
      class Getter {
        get execute() {
          return () => {};
        }
      },
    ),
  'a static': () =>
    decorate(
      class Static {
        static execute() {}
      },
    ),
  'a method': () => decorate(LastSeen.prototype, 'execute', Object.getOwnPropertyDescriptor(LastSeen.prototype, 'execute')),
  'two topics with one name': () => {
    const other = defineTopic({ name: 'rare', payload: z.string() });
    class Listen {
      execute() {}
    }
    // Called by hand, for the generator would see it and say so first.
    (PubSubAgent({ name: 'listen', subscribes: [other] }) as (target: unknown) => void)(Listen);
    engine.register(toAgentDefinition(NoteRare, new NoteRare()), toAgentDefinition(Listen, new Listen()));
  },
  'the method of a batch without the option': () =>
    decorate(
      class Batches {
        executeBatch() {}
      },
    ),
  'two decorators on one class': () => (PubSubAgent({ name: 'again', subscribes: [Rare] }) as (target: unknown) => void)(LastSeen),
  'reflect-metadata that is not loaded': () => {
    const { defineMetadata } = Reflect;
    Reflect.deleteProperty(Reflect, 'defineMetadata');
    try {
      decorate(
        class Plain {
          execute() {}
        },
      );
    } finally {
      Reflect.defineMetadata = defineMetadata;
    }
  },
};

const said = Object.entries(mistakes).map(([name, make]) => {
  try {
    make();
    return [name, 'nothing was thrown'];
  } catch (error) {
    return [name, isTaskloomError(error) ? `${error.code}: ${error.message} ${error.remedy}` : String(error)];
  }
});
await engine.stop();
rmSync(folder, { recursive: true });
console.log(JSON.stringify(Object.fromEntries(said)));
