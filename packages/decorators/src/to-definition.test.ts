import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import {
  defineAgent,
  definePubSubAgent,
  defineTopic,
  type AgentDefinition,
  type BatchContext,
  type Flow,
  type TaskContext,
  type TopicMessage,
} from '@taskloom/core';
import { z } from 'zod';

import { PubSubAgent, TaskAgent, toAgentDefinition, toWorkflowDefinition, Workflow, type Manifest } from './index.js';

const Text = z.object({ text: z.string() });
const ctx = {} as TaskContext;
const run = (definition: AgentDefinition, input: unknown): unknown => definition.execute(input as never, ctx);

@TaskAgent({
  name: 'shout',
  description: 'Shouts',
  version: '2',
  input: Text,
  output: Text,
  capabilities: ['voice'],
  retry: 3,
  timeout: '5s',
  concurrency: 2,
})
class Shout {
  constructor(private readonly mark = '!') {}

  execute(input: { text: string }) {
    return { text: input.text.toUpperCase() + this.mark };
  }
}

@TaskAgent({ name: 'whisper' })
class Whisper {
  async execute(input: { text: string }) {
    return { text: input.text.toLowerCase() };
  }
}

@Workflow({ name: 'talk', input: Text, output: Text })
class Talk {
  private readonly first = 'hello';

  plan(flow: Flow, _input: { text: string }) {
    return flow.add(Shout, { text: this.first }).out;
  }
}

@Workflow({ name: 'quiet-talk' })
class QuietTalk {
  plan(): void {}
}

const manifest: Manifest = {
  agents: { whisper: { input: Text, output: Text }, shout: { input: z.object({}), output: z.object({}) } },
  workflows: { 'quiet-talk': { input: Text } },
};

describe('an agent definition', () => {
  it('carries the options and the class', () => {
    expect(toAgentDefinition(Shout, new Shout())).toMatchObject({
      kind: 'agent',
      name: 'shout',
      description: 'Shouts',
      version: '2',
      capabilities: ['voice'],
      retry: { maxAttempts: 3 },
      timeoutMs: 5_000,
      concurrency: 2,
      target: Shout,
    });
  });

  it('carries who judges its results, what a cut off attempt comes to, and what a timeout does', () => {
    const long = ({ text }: { text: string }, input: { text: string }): boolean | string => text.length > input.text.length || 'longer';
    @TaskAgent({
      name: 'careful',
      input: Text,
      output: Text,
      idleTimeout: '10s',
      durability: 'at-most-once',
      review: { by: long, maxRejections: 1 },
      onTimeout: 'notify-planner',
    })
    class Careful {
      execute(input: { text: string }) {
        return input;
      }
    }
    expect(toAgentDefinition(Careful, new Careful())).toMatchObject({
      idleTimeoutMs: 10_000,
      durability: 'at-most-once',
      review: { by: 'predicate', maxRejections: 1 },
      judge: long,
      onTimeout: 'notify-planner',
    });
  });

  it('carries which failures are worth another attempt', () => {
    const retryOn = (error: unknown): boolean => error instanceof RangeError;
    @TaskAgent({ name: 'flaky', input: Text, output: Text, retry: { maxAttempts: 4, retryOn } })
    class Flaky {
      execute(input: { text: string }) {
        return input;
      }
    }
    expect(toAgentDefinition(Flaky, new Flaky())).toMatchObject({ retry: { maxAttempts: 4 }, retryOn });
    expect(toAgentDefinition(Shout, new Shout()).retryOn).toBeNull();
  });

  it('runs `execute` on the instance it was given', () => {
    expect(run(toAgentDefinition(Shout, new Shout('?')), { text: 'a' })).toEqual({ text: 'A?' });
  });

  it('takes a new instance for each task from a function', async () => {
    let made = 0;
    const definition = toAgentDefinition(Shout, async () => new Shout(String((made += 1))));
    expect([await run(definition, { text: 'a' }), await run(definition, { text: 'a' })]).toEqual([{ text: 'A1' }, { text: 'A2' }]);
    expect(
      run(
        toAgentDefinition(Shout, () => new Shout('-')),
        { text: 'a' },
      ),
    ).toEqual({ text: 'A-' });
  });

  it('gets missing schemas from the manifest, and keeps those the class gives', async () => {
    const definition = toAgentDefinition(Whisper, new Whisper(), { manifest });
    expect(definition.inputSchema).toBe(Text);
    expect(await run(definition, { text: 'HA' })).toEqual({ text: 'ha' });
    expect(toAgentDefinition(Shout, new Shout(), { manifest }).inputSchema).toBe(Text);
  });

  it('is refused without schemas, with the command that makes them', () => {
    expect(() => toAgentDefinition(Whisper, new Whisper())).toThrow(
      expect.objectContaining({
        code: 'SCHEMA_MISSING',
        message: 'The agent "whisper" (class Whisper) gives no input schema, and there is no manifest.',
        remedy: expect.stringContaining('npx taskloom generate'),
      }),
    );
    const half: Manifest = { agents: { whisper: { input: Text } }, workflows: {} };
    expect(() => toAgentDefinition(Whisper, new Whisper(), { manifest: half })).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('no output schema, and the manifest has none for it'),
        remedy: expect.stringContaining('older than the class'),
      }),
    );
  });

  it('does not find schemas on a prototype', () => {
    @TaskAgent({ name: 'toString' })
    class ToString {
      execute(): void {}
    }
    expect(() => toAgentDefinition(ToString, new ToString(), { manifest })).toThrow(expect.objectContaining({ code: 'SCHEMA_MISSING' }));
  });

  it('is refused for a class that is not decorated itself', () => {
    class Louder extends Shout {}
    class Stranger {
      execute(): void {}
    }
    expect(() => toAgentDefinition(Louder, new Louder())).toThrow(
      '@TaskAgent on class Louder: the class is not decorated itself, only Shout above it is.',
    );
    expect(() => toAgentDefinition(Stranger, new Stranger())).toThrow('@TaskAgent on class Stranger: the class is not decorated.');
  });

  it('is refused for an instance that cannot execute, and so is a task whose instance cannot', async () => {
    expect(() => toAgentDefinition(Shout, {})).toThrow('the instance given for it has no method `execute`');
    await expect(
      run(
        toAgentDefinition(Shout, async () => ({})),
        {},
      ),
    ).rejects.toThrow('the instance given for it has no method `execute`');
  });

  it('names every wrong option at once, as the function form does', () => {
    const options = { name: 'wrong', input: Text, output: Text, timeout: 'soon', concurrency: 0 };
    const Wrong = class {
      execute(): void {}
    };
    (TaskAgent as (options: unknown) => (target: typeof Wrong) => void)(options)(Wrong);
    const byFunction = (): unknown => defineAgent({ ...options, execute: () => ({ text: '' }) } as never);
    const message = /2 problems:\n.*timeout.*\n.*concurrency/;
    expect(() => toAgentDefinition(Wrong, new Wrong())).toThrow(message);
    expect(byFunction).toThrow(message);
  });
});

describe('an agent that runs in batches', () => {
  @TaskAgent({ name: 'shout-together', input: Text, output: Text, batch: { maxSize: 3, maxWait: '20ms' } })
  class ShoutTogether {
    private readonly mark = '!';

    async executeBatch(inputs: readonly { text: string }[], { items }: BatchContext) {
      return Promise.allSettled(inputs.map(async ({ text }) => ({ text: text.toUpperCase() + this.mark + items.length })));
    }
  }

  it('has its method called on the instance it was given', async () => {
    const { batch } = toAgentDefinition(ShoutTogether, async () => new ShoutTogether());
    expect(batch).toMatchObject({ maxSize: 3, maxWaitMs: 20 });
    const inputs = [{ text: 'a' }, { text: 'b' }] as never[];
    await expect(batch!.execute(inputs, { items: [1, 2] } as unknown as BatchContext)).resolves.toEqual([
      { status: 'fulfilled', value: { text: 'A!2' } },
      { status: 'fulfilled', value: { text: 'B!2' } },
    ]);
  });

  it('is refused for an instance without the method, and with options that cannot be', () => {
    expect(() => toAgentDefinition(ShoutTogether, {})).toThrow('the instance given for it has no method `executeBatch`');
    @TaskAgent({ name: 'crowded', input: Text, output: Text, concurrency: 2, batch: { maxSize: 3, maxWait: '20ms' } })
    class Crowded extends ShoutTogether {}
    expect(() => toAgentDefinition(Crowded, new Crowded())).toThrow('a batch could never be full');
    const Said = defineTopic({ name: 'said', payload: Text });
    // @ts-expect-error the compiler says so, too
    @TaskAgent({ name: 'loud', input: Text, output: Text, publishes: [Said], batch: { maxSize: 3, maxWait: '20ms' } })
    class Loud extends ShoutTogether {}
    expect(() => toAgentDefinition(Loud, new Loud())).toThrow('runs in batches, where nothing can be published');
  });
});

describe('an agent that is run by messages', () => {
  const Said = defineTopic({ name: 'said', payload: z.object({ text: z.string(), at: z.string().transform(Date.parse) }) });
  const Sung = defineTopic({ name: 'sung', payload: Text });

  @PubSubAgent({ name: 'write-down', description: 'Writes', subscribes: [Said, Sung], publishes: [Sung], retry: 2 })
  class WriteDown {
    private readonly mark = '.';

    execute({ payload }: TopicMessage<typeof Said | typeof Sung>) {
      return payload.text + this.mark;
    }
  }

  it('is the definition that the function form makes, bound to the instance', () => {
    const definition = toAgentDefinition(WriteDown, new WriteDown());
    const byFunction = definePubSubAgent({
      name: 'write-down',
      description: 'Writes',
      subscribes: [Said, Sung],
      publishes: [Sung],
      retry: 2,
      execute: () => '',
    });
    const data = ({ execute: _execute, target: _target, inputSchema: _input, ...rest }: AgentDefinition): object => rest;
    expect(data(definition)).toEqual(data(byFunction));
    expect(definition.subscribes).toEqual([Said, Sung]);
    expect(definition.target).toBe(WriteDown);
    expect(run(definition, { payload: { text: 'la' } })).toBe('la.');
  });

  it('needs no schema of its own, not even of a manifest', () => {
    expect(() => toAgentDefinition(WriteDown, new WriteDown(), { manifest: { agents: {}, workflows: {} } })).not.toThrow();
  });

  it('names what is wrong with its options', () => {
    const wrong = (options: object): (() => unknown) => {
      const Wrong = class {
        execute(): void {}
      };
      (PubSubAgent as (options: unknown) => (target: typeof Wrong) => void)({ name: 'wrong', ...options })(Wrong);
      return () => toAgentDefinition(Wrong, new Wrong());
    };
    expect(wrong({ subscribes: [] })).toThrow('`subscribes` of agent "wrong" must name at least one topic.');
    expect(wrong({ subscribes: ['said'] })).toThrow('must be a list of topics made by `defineTopic`');
    expect(wrong({ subscribes: [Said, Said] })).toThrow('names the topic "said" twice');
    expect(wrong({ subscribes: [Said], input: Text })).toThrow('can have no `input`');
  });
});

describe('a workflow definition', () => {
  it('plans on the instance it was given', () => {
    const definition = toWorkflowDefinition(Talk, new Talk());
    expect(definition).toMatchObject({ kind: 'workflow', name: 'talk', target: Talk });
    const added: unknown[] = [];
    definition.plan({ add: (...args: unknown[]) => (added.push(args), { out: 'ref' }) } as unknown as Flow, {} as never);
    expect(added).toEqual([[Shout, { text: 'hello' }]]);
  });

  it('needs an input schema and may be without output', () => {
    expect(() => toWorkflowDefinition(QuietTalk, new QuietTalk())).toThrow(
      expect.objectContaining({ code: 'SCHEMA_MISSING', details: { workflow: 'quiet-talk', side: 'input' } }),
    );
    expect(toWorkflowDefinition(QuietTalk, new QuietTalk(), { manifest }).outputSchema).toBeNull();
  });

  it('carries every option', () => {
    const schedule = { every: '1h', input: { text: 'hello' } } as const;
    @Workflow({ name: 'hourly', description: 'Talks', version: '4', input: Text, output: Text, schedule })
    class Hourly extends Talk {}
    expect(toWorkflowDefinition(Hourly, new Hourly())).toMatchObject({
      name: 'hourly',
      description: 'Talks',
      version: '4',
      schedule,
      inputSchema: Text,
      outputSchema: Text,
    });
  });

  it('is refused for an agent', () => {
    expect(() => toWorkflowDefinition(Shout as never, new Shout())).toThrow('@Workflow on class Shout: the class is not decorated.');
  });
});
