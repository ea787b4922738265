import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, describe, expect, it } from '@jest/globals';
import { defineAgent, defineWorkflow, type ConfigError, type Flow } from '@taskloom/core';
import { TaskAgent, Workflow } from '@taskloom/decorators';
import { z } from 'zod';

import { TaskloomModule, type FeatureItem } from '../src/index.js';
import { runTask, standalone, stopStandalone } from './support/standalone.js';

afterEach(stopStandalone);

const Text = z.object({ text: z.string() });

@Injectable()
class Mailer {
  send(text: string): string {
    return `sent ${text}`;
  }
}
@Module({ providers: [Mailer], exports: [Mailer] })
class MailerModule {}

@TaskAgent({ name: 'send-mail', input: Text, output: Text })
class SendMail {
  constructor(private readonly mailer: Mailer) {}

  execute({ text }: { text: string }) {
    return { text: this.mailer.send(text) };
  }
}
const shout = defineAgent({ name: 'shout', input: Text, output: Text, execute: ({ text }) => ({ text: text.toUpperCase() }) });

@Workflow({ name: 'announce', input: Text })
class Announce {
  plan(flow: Flow, input: { text: string }) {
    return flow.add(SendMail, flow.add(shout, input).out).out;
  }
}
const whisper = defineWorkflow({ name: 'whisper', input: Text, plan: (flow, input) => flow.add(SendMail, input).out });

describe('forFeature', () => {
  it('registers classes with what they need, and definitions', async () => {
    @Module({ imports: [TaskloomModule.forFeature([SendMail, Announce, shout, whisper], { imports: [MailerModule] })] })
    class MailModule {}
    const { engine } = await standalone({ imports: [MailModule] });
    expect(await (await engine.startWorkflow(Announce, { text: 'hi' })).result()).toEqual({ text: 'sent HI' });
    expect(await (await engine.startWorkflow('whisper', { text: 'hi' })).result()).toEqual({ text: 'sent hi' });
  });

  it('of several modules brings all of them, each definition once', async () => {
    const { engine } = await standalone({
      taskloom: { definitions: [shout] },
      imports: [TaskloomModule.forFeature([shout]), TaskloomModule.forFeature([SendMail, shout], { imports: [MailerModule] })],
    });
    expect(
      engine
        .agents()
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(['send-mail', 'shout']);
  });

  it('exports its classes', async () => {
    @Injectable()
    class Desk {
      constructor(readonly sendMail: SendMail) {}
    }
    @Module({ imports: [TaskloomModule.forFeature([SendMail], { imports: [MailerModule] })], providers: [Desk] })
    class DeskModule {}
    const { context } = await standalone({ imports: [DeskModule] });
    expect(context.get(Desk, { strict: false }).sendMail.execute({ text: 'x' })).toEqual({ text: 'sent x' });
  });

  it('brings the schemas that the generator wrote for its classes', async () => {
    @TaskAgent({ name: 'bare' })
    class Bare {
      execute(input: { text: string }) {
        return input;
      }
    }
    const manifest = { agents: { bare: { input: Text, output: Text } }, workflows: {} };
    const { engine } = await standalone({ imports: [TaskloomModule.forFeature([Bare], { manifest })] });
    expect((await runTask(engine, 'bare', { text: 'x' })).output).toEqual({ text: 'x' });
  });

  it('refuses what is no agent and no workflow, with everything else that is wrong', async () => {
    const items = [Mailer, undefined, { name: 'x' }] as unknown as FeatureItem[];
    const failure = (await standalone({ imports: [TaskloomModule.forFeature(items)] }).catch((error: unknown) => error)) as ConfigError;
    expect(failure.problems).toEqual([
      expect.stringMatching(/lists the class Mailer, which is no agent and no workflow. Decorate it/),
      expect.stringMatching(/is undefined. Look for two files that import each other/),
      expect.stringMatching(/lists an object with name, which is no agent/),
    ]);
  });

  it('without forRoot is told at boot', async () => {
    @Module({ imports: [TaskloomModule.forFeature([shout])] })
    class Root {}
    await expect(NestFactory.createApplicationContext(Root, { logger: false, abortOnError: false })).rejects.toMatchObject({
      problems: [expect.stringContaining('without `TaskloomModule.forRoot`')],
    });
  });
});
