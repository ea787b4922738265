import type { StoredError } from '../errors/serialize-error.js';
import { inLog } from '../errors/in-log.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import type { Clock } from '../kernel/clock.js';
import { within } from '../kernel/within.js';
import { findJsonProblem, type Json } from '../kernel/json.js';
import type { EventType, EventView } from '../model/event.js';
import type { Logger } from '../ports/logger.js';
import { PLUGIN_API, type CancelRequest, type Plugin, type PluginAttempt, type PluginHooks, type SubmitRequest } from '../ports/plugin.js';

type Hook = keyof PluginHooks<unknown>;
/** What a hook came to that failed: the engine goes on with what it had. */
const FAILED = Symbol('failed');
type Checked<T> = T | null | typeof FAILED;

/** Which hook an event calls after `onEvent`. */
const AFTER: Partial<Record<EventType, Hook>> = {
  JOB_SUBMITTED: 'afterSubmit',
  TASK_STARTED: 'afterStart',
  TASK_COMPLETED: 'afterComplete',
  TASK_ACCEPTED: 'afterComplete',
  JOB_COMPLETED: 'afterComplete',
  TASK_FAILED: 'afterFail',
  TASK_REJECTED: 'afterFail',
  TASK_REROUTED: 'afterFail',
  TASKS_FAILED: 'afterFail',
  JOB_FAILED: 'afterFail',
  TASK_SUSPENDED: 'afterBlock',
  TASK_PARKED: 'afterBlock',
  TASK_RETURNED: 'afterBlock',
  TASK_REVIEW_REQUESTED: 'afterBlock',
  TASKS_CANCELLED: 'afterCancel',
  JOB_CANCELLED: 'afterCancel',
};
const FOLLOWING: readonly Hook[] = ['onEvent', ...new Set(Object.values(AFTER))];
const VETO_CHARS = 500;

export interface PluginHooksOptions {
  readonly plugins: readonly Plugin[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Calls the hooks of all plugins, in order, each isolated and timed. */
export class PluginRunner {
  private readonly plugins: readonly Plugin[];

  /** @throws TaskloomError `PLUGIN_INCOMPATIBLE`, `PLUGIN_CYCLE` */
  constructor(private readonly options: PluginHooksOptions) {
    this.plugins = inOrder(options.plugins);
  }

  /** Whether any plugin has the hook: what nobody asks for costs nothing. */
  has(hook: Hook): boolean {
    return this.plugins.some(({ hooks }) => hooks[hook] !== undefined);
  }

  /** The plugins that follow the log. */
  get followers(): readonly Plugin[] {
    return this.plugins.filter(({ hooks }) => FOLLOWING.some((hook) => hooks[hook] !== undefined));
  }

  /** @throws TaskloomError `PLUGIN_FAILED` for a required plugin */
  async started(host: unknown): Promise<void> {
    for (const plugin of this.plugins) await this.call(plugin, 'started', [host], null);
  }

  async beforeStop(): Promise<void> {
    for (const plugin of this.plugins) await this.callQuietly(plugin, 'beforeStop', []);
  }

  async afterStop(): Promise<void> {
    for (const plugin of this.plugins.toReversed()) await this.callQuietly(plugin, 'afterStop', []);
  }

  /** @throws TaskloomError `PLUGIN_VETO`, `PLUGIN_FAILED` */
  async beforeSubmit(request: SubmitRequest): Promise<SubmitRequest> {
    let current = request;
    for (const plugin of this.plugins) {
      if (!plugin.hooks.beforeSubmit) continue;
      const said = await this.call(plugin, 'beforeSubmit', [frozenCopy(current)], submitAnswer);
      if (said === null || said === FAILED) continue;
      if ('veto' in said) throw vetoed(plugin, said.veto, 'the job');
      current = { ...current, ...said };
    }
    return current;
  }

  /** What the agent is to be given, or why it is not to start. @throws TaskloomError `PLUGIN_FAILED` */
  async beforeStart(
    attempt: PluginAttempt,
    input: Json | undefined,
  ): Promise<{ readonly input: Json | undefined } | { readonly veto: string }> {
    let current = input;
    for (const plugin of this.plugins) {
      if (!plugin.hooks.beforeStart) continue;
      const said = await this.call(plugin, 'beforeStart', [Object.freeze(attempt), frozenCopy(current)], startAnswer);
      if (said === null || said === FAILED) continue;
      if ('veto' in said) return { veto: `The plugin "${plugin.name}" does not let it start: ${said.veto}` };
      current = said.input;
    }
    return { input: current };
  }

  /** @throws TaskloomError `PLUGIN_FAILED` */
  async beforeComplete(attempt: PluginAttempt, output: unknown): Promise<unknown> {
    let current = output;
    for (const plugin of this.plugins) {
      if (!plugin.hooks.beforeComplete) continue;
      const said = await this.call(plugin, 'beforeComplete', [Object.freeze(attempt), frozenCopy(current)], outputAnswer);
      if (said !== null && said !== FAILED) current = said.output;
    }
    return current;
  }

  /** Whether another attempt may help. */
  async beforeFail(attempt: PluginAttempt, error: StoredError, retryable: boolean): Promise<boolean> {
    let current = retryable;
    for (const plugin of this.plugins) {
      const said = await this.callQuietly(
        plugin,
        'beforeFail',
        [Object.freeze(attempt), frozenCopy({ error, retryable: current })],
        retryAnswer,
      );
      if (said !== null && said !== FAILED) current = said.retryable;
    }
    return current;
  }

  async beforeBlock(attempt: PluginAttempt, reason: string): Promise<void> {
    for (const plugin of this.plugins) await this.callQuietly(plugin, 'beforeBlock', [Object.freeze(attempt), reason]);
  }

  /** @throws TaskloomError `PLUGIN_VETO`, `PLUGIN_FAILED` */
  async beforeCancel(request: CancelRequest): Promise<void> {
    for (const plugin of this.plugins) {
      const said = await this.call(plugin, 'beforeCancel', [Object.freeze(request)], vetoAnswer);
      if (said !== null && said !== FAILED) throw vetoed(plugin, said.veto, 'the cancellation');
    }
  }

  /** Hands an event to a plugin that follows the log. @throws TaskloomError `PLUGIN_FAILED` for a required plugin */
  async follow(plugin: Plugin, event: EventView): Promise<void> {
    const after = AFTER[event.type];
    if (!plugin.hooks.onEvent && !(after && plugin.hooks[after])) return;
    const copy = frozenCopy(event);
    await this.call(plugin, 'onEvent', [copy], null);
    if (after) await this.call(plugin, after, [copy], null);
  }

  /** Like `call`; what fails is only logged. */
  private async callQuietly<T>(plugin: Plugin, hook: Hook, args: readonly unknown[], check: Check<T> | null = null): Promise<Checked<T>> {
    try {
      return await this.call(plugin, hook, args, check);
    } catch {
      return FAILED;
    }
  }

  private async call<T>(plugin: Plugin, hook: Hook, args: readonly unknown[], check: Check<T> | null): Promise<Checked<T>> {
    const act = plugin.hooks[hook] as ((...given: readonly unknown[]) => unknown) | undefined;
    if (!act) return null;
    const { clock, logger } = this.options;
    try {
      const said: unknown = await within(clock, plugin.timeoutMs, () => act(...args));
      // Hooks that only do something may return what they like.
      if (said === undefined || said === null || check === null) return null;
      const checked = check(said);
      if (checked !== null) return checked;
      throw new TypeError('what it returned is not what the hook may return');
    } catch (error) {
      const failure = inLog(error);
      logger.error('A hook of a plugin failed.', { plugin: plugin.name, hook, ...failure });
      if (!plugin.required) return FAILED;
      throw new TaskloomError('PLUGIN_FAILED', `The hook \`${hook}\` of the plugin "${plugin.name}" failed: ${failure.error}.`, {
        details: { plugin: plugin.name, hook },
      });
    }
  }
}

type Check<T> = (said: unknown) => T | null;

function vetoAnswer(said: unknown): { veto: string } | null {
  const { veto } = said as { veto?: unknown };
  return typeof veto === 'string' ? { veto: veto.slice(0, VETO_CHARS) } : null;
}

/** Whether it wants to say no, in whatever words: then nothing else that it says counts. */
function vetoes(said: unknown): boolean {
  return (said as { veto?: unknown }).veto !== undefined;
}

function submitAnswer(said: unknown): { veto: string } | Partial<Pick<SubmitRequest, 'input' | 'options'>> | null {
  if (vetoes(said)) return vetoAnswer(said);
  const { input, options } = said as Partial<SubmitRequest>;
  const amended = {
    ...(input === undefined ? undefined : { input }),
    ...(typeof options === 'object' && options !== null ? { options } : undefined),
  };
  return Object.keys(amended).length > 0 && findJsonProblem(input ?? null) === null ? amended : null;
}

function startAnswer(said: unknown): { veto: string } | { input: Json } | null {
  if (vetoes(said)) return vetoAnswer(said);
  const { input } = said as { input?: Json };
  return input !== undefined && findJsonProblem(input) === null ? { input } : null;
}

function outputAnswer(said: unknown): { output: unknown } | null {
  return typeof said === 'object' && said !== null && 'output' in said ? { output: said.output } : null;
}

function retryAnswer(said: unknown): { retryable: boolean } | null {
  const { retryable } = said as { retryable?: unknown };
  return typeof retryable === 'boolean' ? { retryable } : null;
}

function vetoed({ name }: Plugin, reason: string, what: string): TaskloomError {
  return new TaskloomError('PLUGIN_VETO', `The plugin "${name}" refused ${what}: ${reason}`, { details: { plugin: name, reason } });
}

/** A plugin sees values; it cannot change the engine's own. What cannot be copied (a function, for example) is shown as it is. */
function frozenCopy<T>(value: T): T {
  try {
    return freeze(structuredClone(value));
  } catch {
    return value;
  }
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  Object.values(value).forEach(freeze);
  return ArrayBuffer.isView(value) ? value : Object.freeze(value);
}

/** In the order given, but each after those that it names. */
function inOrder(plugins: readonly Plugin[]): readonly Plugin[] {
  const byName = new Map<string, Plugin>();
  for (const plugin of plugins as readonly (Plugin | undefined)[]) {
    if (plugin?.kind !== 'plugin' || plugin.api !== PLUGIN_API) {
      const actual = plugin?.kind === 'plugin' ? `one of version ${plugin.api}` : `a value of the type ${typeof plugin}`;
      throw new TaskloomError(
        'PLUGIN_INCOMPATIBLE',
        `Wanted is a plugin of version ${PLUGIN_API} as \`definePlugin\` makes it; given was ${actual}.`,
        {
          details: { wanted: PLUGIN_API, actual: plugin?.kind === 'plugin' ? plugin.api : typeof plugin },
        },
      );
    }
    if (byName.has(plugin.name))
      throw new TaskloomError('PLUGIN_INCOMPATIBLE', `Two plugins are called "${plugin.name}".`, { details: { plugin: plugin.name } });
    byName.set(plugin.name, plugin);
  }
  const ordered = new Set<Plugin>();
  const visit = (plugin: Plugin, path: readonly string[]): void => {
    if (ordered.has(plugin)) return;
    if (path.includes(plugin.name)) {
      const cycle = [...path.slice(path.indexOf(plugin.name)), plugin.name];
      throw new TaskloomError('PLUGIN_CYCLE', `Plugins want to run after each other: ${cycle.join(' after ')}.`, { details: { cycle } });
    }
    for (const name of plugin.after) {
      const before = byName.get(name);
      if (before) visit(before, [...path, plugin.name]);
    }
    ordered.add(plugin);
  };
  for (const plugin of byName.values()) visit(plugin, []);
  return [...ordered];
}
