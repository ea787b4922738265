import type { TaskContext } from '@taskloom/core';

import type { Redactor } from './redactor.js';

type Step = Parameters<TaskContext['step']>[1];
type Question = Parameters<TaskContext['ask']>[1];

/** An agent's context that takes secrets out of everything that it is told: what the engine keeps and shows. */
export function sealedContext(task: TaskContext, redactor: Redactor): TaskContext {
  const clean = <Value>(value: Value): Value => redactor.json(value);
  const { task: ofTask, job, global } = task.cache;
  return sealed(task, redactor, {
    // Agents and schemas are no JSON.
    need: (agent: never, input: never, options?: object) => task.need(agent, clean(input), clean(options)),
    spawn: (agent: never, input: never, options?: object) => task.spawn(agent, clean(input), clean(options)),
    ask: (name: string, { question, about, ...options }: Question) =>
      task.ask(clean(name), { ...options, question: clean(question), ...(about === undefined ? undefined : { about: clean(about) }) }),
    step: (name: string, act: Step) => task.step(clean(name), async () => clean(await act())),
    cache: { task: sealed(ofTask, redactor), job: sealed(job, redactor), global: sealed(global, redactor) },
    shared: (namespace: string) => sealed(task.shared(clean(namespace)), redactor),
  });
}

/** The object; its methods are called on itself with clean arguments, except those that are replaced. */
function sealed<Target extends object>(target: Target, redactor: Redactor, replaced: Partial<Record<keyof Target, unknown>> = {}): Target {
  return new Proxy(target, {
    get(of, name) {
      if (Object.hasOwn(replaced, name)) return replaced[name as keyof Target];
      const value: unknown = Reflect.get(of, name);
      if (typeof value !== 'function') return value;
      return (...args: readonly unknown[]): unknown =>
        Reflect.apply(
          value,
          of,
          args.map((arg) => redactor.json(arg)),
        );
    },
  });
}
