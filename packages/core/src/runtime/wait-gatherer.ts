import { AsyncLocalStorage } from 'node:async_hooks';

import type { Clock } from '../kernel/clock.js';
import type { NewTask } from '../model/command.js';
import type { NewRequest } from '../model/human-request.js';
import type { Waits } from './outcome.js';

/** Thrown out of `ctx.need`, `ctx.ask` and `ctx.sleep` to end a run that has to wait. An agent that catches it is suspended all the same. */
export class SuspensionSignal extends Error {
  constructor() {
    super('The attempt is suspended until what it asked for has come. Let this error pass.');
    this.name = 'SuspensionSignal';
  }
}

/** Thrown out of `ctx.skip`. */
export class SkipSignal extends Error {
  constructor(readonly reason: string) {
    super(`The task does not apply: ${reason}`);
    this.name = 'SkipSignal';
  }
}

/** Whether what an agent's code threw is the engine's own way to end a run: it is to be let pass. */
export function isSteeringSignal(error: unknown): boolean {
  return error instanceof SuspensionSignal || error instanceof SkipSignal;
}

const GATHER_MS = 5;

interface StepUnderWay {
  /** Of a step that the agent has named. */
  readonly name: string | null;
  isAwaited: boolean;
}

/** The step in which code runs, where it runs in one. */
const currentStep = new AsyncLocalStorage<StepUnderWay>();

/** The name of the step in which code runs; `null` outside of any. */
export function stepAround(): string | null {
  return currentStep.getStore()?.name ?? null;
}

/** One thing that a run cannot go on without. What an earlier round has asked for already is not asked for again. */
export interface Wait {
  /** The same key is asked for once. */
  readonly key: string;
  readonly task?: NewTask;
  /** The task that was made for it in an earlier round and has not ended yet. */
  readonly asked?: number;
  readonly request?: NewRequest;
  readonly sleep?: { readonly name: string; readonly until: number };
  /** The time waited for, where it is one. */
  readonly until?: number;
}

/**
 * Collects what one run waits for. The first wait opens a short window, so that what is asked for together (after uneven
 * awaits in one `Promise.all`) comes about together; when it closes, all of them reject and the run is suspended. A step
 * that has begun keeps it open: what it has done must not be done again.
 */
export class WaitGatherer {
  private readonly asked = new Map<string, Wait>();
  private closed: Promise<never> | null = null;
  private close: () => void = () => undefined;
  private windowIsOver = false;
  private stepsUnderWay = 0;

  constructor(
    private readonly clock: Clock,
    private readonly onClose: () => void,
  ) {}

  get isOpen(): boolean {
    return this.closed !== null;
  }

  /** Never resolves; rejects when the window closes. */
  wait(wait: Wait): Promise<never> {
    if (!this.asked.has(wait.key)) this.asked.set(wait.key, wait);
    this.letGo(currentStep.getStore());
    this.closed ??= new Promise<never>((_, reject) => {
      this.close = () => {
        this.onClose();
        reject(new SuspensionSignal());
      };
      this.clock.schedule(GATHER_MS, () => {
        this.windowIsOver = true;
        this.closeIfDone();
      });
    });
    // Each caller has a promise of its own on it; nobody has to await this one.
    this.closed.catch(() => undefined);
    return this.closed;
  }

  /** Lets a step come to its end before the run is suspended. */
  async during<T>(act: () => Promise<T>, name: string | null = stepAround()): Promise<T> {
    const step: StepUnderWay = { name, isAwaited: true };
    this.stepsUnderWay += 1;
    try {
      return await currentStep.run(step, act);
    } finally {
      this.letGo(step);
      this.closeIfDone();
    }
  }

  /** A step that asks a question itself waits for the suspension: the suspension does not wait for it. */
  private letGo(step: StepUnderWay | undefined): void {
    if (!step?.isAwaited) return;
    step.isAwaited = false;
    this.stepsUnderWay -= 1;
  }

  private closeIfDone(): void {
    if (!this.windowIsOver || this.stepsUnderWay > 0) return;
    this.windowIsOver = false;
    this.close();
  }

  /** Everything that was asked for. */
  waits(): Waits {
    const all = [...this.asked.values()];
    const given = <T>(values: readonly (T | undefined)[]): T[] => values.filter((value): value is T & {} => value !== undefined);
    return {
      waitFor: 'answers',
      tasks: given(all.map(({ task }) => task)),
      alreadyAsked: given(all.map(({ asked }) => asked)),
      requests: given(all.map(({ request }) => request)),
      sleeps: given(all.map(({ sleep }) => sleep)),
      until: Math.max(0, ...given(all.map(({ until }) => until))),
    };
  }
}
