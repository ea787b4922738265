import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { Injectable, Scope } from '@nestjs/common';
import { ENTRY_PROVIDER_WATERMARK } from '@nestjs/common/internal';
import { defineTopic, isTaskloomError } from '@taskloom/core';
import { z } from 'zod';

import {
  agentOptionsOf,
  isAgentClass,
  isWorkflowClass,
  PubSubAgent,
  pubSubAgentOptionsOf,
  TaskAgent,
  Workflow,
  workflowOptionsOf,
} from './index.js';

class FileReader {}

@TaskAgent({ name: 'count-lines', input: z.object({ path: z.string() }), output: z.object({ lines: z.number() }) })
class CountLines {
  constructor(readonly files: FileReader) {}

  execute(input: { path: string }) {
    return { lines: input.path.length };
  }
}

@Workflow({ name: 'report' })
class Report {
  plan(): void {}
}

const Said = defineTopic({ name: 'said', payload: z.object({ text: z.string() }) });

@PubSubAgent({ name: 'write-down', subscribes: [Said] })
class WriteDown {
  constructor(readonly files: FileReader) {}

  execute({ payload }: { payload: { text: string } }) {
    return payload.text;
  }
}

/** Runs `act` and gives the code, message and remedy of what it threw. */
function misuse(act: () => unknown): { code: string; message: string; remedy: string } {
  try {
    act();
  } catch (error) {
    if (isTaskloomError(error)) return { code: error.code, message: error.message, remedy: error.remedy };
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** The decorators as untyped code sees them. */
const untyped = { TaskAgent, PubSubAgent, Workflow } as unknown as Record<
  'TaskAgent' | 'PubSubAgent' | 'Workflow',
  (options?: unknown) => (...args: unknown[]) => void
>;

describe('a decorated class', () => {
  it('keeps the options it was given', () => {
    expect(agentOptionsOf(CountLines)).toMatchObject({ name: 'count-lines' });
    expect(workflowOptionsOf(Report)).toEqual({ name: 'report' });
  });

  it('is what its decorator says and not the other', () => {
    expect([isAgentClass(CountLines), isWorkflowClass(CountLines), isAgentClass(Report), isWorkflowClass(Report)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect([
      isAgentClass(FileReader),
      isAgentClass('count-lines'),
      isAgentClass(null),
      isAgentClass(new CountLines(new FileReader())),
    ]).toEqual([false, false, false, false]);
  });

  it('is injectable without @Injectable, and its dependencies are known', () => {
    expect(Reflect.getMetadata('__injectable__', CountLines)).toBe(true);
    expect(Reflect.getMetadata('design:paramtypes', CountLines)).toEqual([FileReader]);
  });

  it('keeps the scope that @Injectable gives it, above or below', () => {
    @TaskAgent({ name: 'above' })
    @Injectable({ scope: Scope.TRANSIENT })
    class Above extends CountLines {}
    @Injectable({ scope: Scope.TRANSIENT })
    @TaskAgent({ name: 'below' })
    class Below extends CountLines {}

    for (const target of [Above, Below]) expect(Reflect.getMetadata('scope:options', target)).toMatchObject({ scope: Scope.TRANSIENT });
  });

  it('is something by which NestJS enters the application', () => {
    expect(Reflect.getMetadata(ENTRY_PROVIDER_WATERMARK, CountLines)).toBe(true);
  });

  it('is an agent as well when messages run it, and keeps what it subscribes', () => {
    expect(pubSubAgentOptionsOf(WriteDown)).toEqual({ name: 'write-down', subscribes: [Said] });
    expect([isAgentClass(WriteDown), isWorkflowClass(WriteDown), agentOptionsOf(WriteDown), pubSubAgentOptionsOf(CountLines)]).toEqual([
      true,
      false,
      null,
      null,
    ]);
    expect(Reflect.getMetadata('__injectable__', WriteDown)).toBe(true);
    expect(Reflect.getMetadata(ENTRY_PROVIDER_WATERMARK, WriteDown)).toBe(true);
  });

  it('does not make its subclasses agents', () => {
    class CountWords extends CountLines {}
    expect(agentOptionsOf(CountWords)).toBeNull();
  });

  it('may have a decorated subclass with a name of its own, and an inherited `execute`', () => {
    @TaskAgent({ name: 'count-words' })
    class CountWords extends CountLines {}
    expect(agentOptionsOf(CountWords)?.name).toBe('count-words');
    expect(agentOptionsOf(CountLines)?.name).toBe('count-lines');
  });
});

describe('a decorator where it cannot work', () => {
  it('names a method, an accessor, a property, a static and a parameter', () => {
    const decorate = untyped.TaskAgent({ name: 'x' });
    const places = [
      misuse(() => decorate(CountLines.prototype, 'execute', Object.getOwnPropertyDescriptor(CountLines.prototype, 'execute'))),
      misuse(() => decorate(CountLines.prototype, 'size', { get: () => 1 })),
      misuse(() => decorate(CountLines.prototype, 'files', undefined)),
      misuse(() => decorate(CountLines, 'make', { value: () => 1 })),
      misuse(() => decorate(CountLines.prototype, 'execute', 0)),
      misuse(() => decorate(CountLines, undefined, 1)),
    ];
    expect(places.map(({ message }) => message)).toEqual([
      '@TaskAgent on the method CountLines.execute: it is a class decorator.',
      '@TaskAgent on the accessor CountLines.size: it is a class decorator.',
      '@TaskAgent on the property CountLines.files: it is a class decorator.',
      '@TaskAgent on the static method CountLines.make: it is a class decorator.',
      '@TaskAgent on parameter 1 of CountLines.execute: it is a class decorator.',
      '@TaskAgent on parameter 2 of the constructor of CountLines: it is a class decorator.',
    ]);
    expect(places[0]).toMatchObject({ code: 'DECORATOR_MISUSE', remedy: 'Put it above the class itself and name the method `execute`.' });
  });

  it('refuses options that are none', () => {
    expect(misuse(() => untyped.TaskAgent(CountLines))).toMatchObject({
      message: '@TaskAgent on class CountLines: it is used without a call.',
    });
    expect(misuse(() => untyped.Workflow('report'))).toMatchObject({
      message: '@Workflow on a class: it got a string where its options belong.',
      remedy: 'Write @Workflow({ name: "report" }).',
    });
    expect(misuse(() => untyped.TaskAgent()).message).toContain('got nothing');
    expect(misuse(() => untyped.TaskAgent(null)).message).toContain('got null');
    expect(misuse(() => untyped.TaskAgent([])).message).toContain('got an array');
  });

  it('refuses a class without the method, with a static one and with an accessor', () => {
    class Nothing {
      readonly execute = (): void => {};
    }
    class Static {
      static execute(): void {}
    }
    class Accessor {
      get execute(): () => void {
        throw new Error('must not be read');
      }
    }
    const decorate = untyped.TaskAgent({ name: 'x' });
    expect(misuse(() => decorate(Nothing))).toMatchObject({
      message: '@TaskAgent on class Nothing: the class has no method `execute`.',
      remedy: expect.stringContaining('neither an arrow function'),
    });
    expect(misuse(() => decorate(Static)).message).toBe('@TaskAgent on class Static: `execute` is static.');
    expect(misuse(() => decorate(Accessor)).message).toBe('@TaskAgent on class Accessor: `execute` is an accessor.');
    expect(misuse(() => untyped.Workflow({ name: 'x' })(Nothing)).message).toBe(
      '@Workflow on class Nothing: the class has no method `plan`.',
    );
  });

  it('refuses the method of the other way to run', () => {
    class Batches {
      async executeBatch(): Promise<void> {}
    }
    class Single {
      execute(): void {}
    }
    expect(misuse(() => untyped.TaskAgent({ name: 'x' })(Batches))).toMatchObject({
      message: '@TaskAgent on class Batches: the class has `executeBatch` and no method `execute`.',
      remedy: expect.stringContaining('`batch`'),
    });
    expect(misuse(() => untyped.TaskAgent({ name: 'x', batch: { maxSize: 2, maxWait: 0 } })(Single))).toMatchObject({
      message: '@TaskAgent on class Single: the class has `execute` and no method `executeBatch`.',
      remedy: expect.stringContaining('leave `batch` out'),
    });
    expect(misuse(() => untyped.PubSubAgent({ name: 'x', subscribes: [Said] })(Batches)).message).toBe(
      '@PubSubAgent on class Batches: the class has no method `execute`.',
    );
  });

  it('refuses a second decorator on one class', () => {
    expect(misuse(() => untyped.TaskAgent({ name: 'again' })(WriteDown)).message).toBe(
      '@TaskAgent on class WriteDown: the class carries @PubSubAgent already.',
    );
    expect(misuse(() => untyped.PubSubAgent({ name: 'again', subscribes: [Said] })(Report)).message).toBe(
      '@PubSubAgent on class Report: the class carries @Workflow already.',
    );
    expect(misuse(() => untyped.TaskAgent({ name: 'again' })(CountLines)).message).toBe(
      '@TaskAgent on class CountLines: the class carries @TaskAgent already.',
    );
    expect(misuse(() => untyped.Workflow({ name: 'both' })(CountLines)).message).toBe(
      '@Workflow on class CountLines: the class carries @TaskAgent already.',
    );
  });

  it('says so when the compiler emitted standard decorators', () => {
    class Modern {
      execute(): void {}
    }
    const thrown = misuse(() => untyped.TaskAgent({ name: 'x' })(Modern, { kind: 'class', name: 'Modern', addInitializer: () => {} }));
    expect(thrown).toMatchObject({ code: 'DECORATOR_MISUSE', remedy: expect.stringContaining('experimentalDecorators') });
  });

  it('says so when the compiler recorded no constructor types', () => {
    class Untyped {
      constructor(readonly a: unknown) {}
      execute(): unknown {
        return this.a;
      }
    }
    expect(misuse(() => untyped.TaskAgent({ name: 'x' })(Untyped))).toMatchObject({
      message:
        '@TaskAgent on class Untyped: the compiler recorded no types for the parameter of its constructor, so NestJS would inject undefined.',
      remedy: expect.stringContaining('emitDecoratorMetadata'),
    });
    Reflect.defineMetadata('self:paramtypes', [{ index: 0, param: 'TOKEN' }], Untyped);
    untyped.TaskAgent({ name: 'x' })(Untyped);
    expect(isAgentClass(Untyped)).toBe(true);
  });

  it('says so when reflect-metadata is not loaded', () => {
    const { defineMetadata } = Reflect;
    class Fine {
      execute(): void {}
    }
    try {
      Reflect.deleteProperty(Reflect, 'defineMetadata');
      expect(misuse(() => untyped.TaskAgent({ name: 'x' })(Fine))).toMatchObject({
        message: '@TaskAgent on class Fine: reflect-metadata is not loaded.',
        remedy: expect.stringContaining("import 'reflect-metadata'"),
      });
    } finally {
      Reflect.defineMetadata = defineMetadata;
    }
  });

  it('does not depend on class names, which minifiers take away', () => {
    const nameless = class {
      execute(): void {}
    };
    Object.defineProperty(nameless, 'name', { value: '' });
    untyped.TaskAgent({ name: 'still-named' })(nameless);
    expect(agentOptionsOf(nameless)?.name).toBe('still-named');
    expect(misuse(() => untyped.TaskAgent({ name: 'x' })(nameless)).message).toContain('an unnamed class');
  });
});

describe('the generator, reading schemas', () => {
  it('gets no complaint about injection, because nothing is injected', () => {
    const READER = Symbol.for('taskloom.schema-reader');
    Reflect.set(globalThis, READER, true);
    try {
      class NeedsInjection {
        constructor(readonly a: unknown) {}
        execute(): unknown {
          return this.a;
        }
      }
      untyped.TaskAgent({ name: 'read' })(NeedsInjection);
      expect(agentOptionsOf(NeedsInjection)).toEqual({ name: 'read' });
    } finally {
      Reflect.deleteProperty(globalThis, READER);
    }
  });
});
