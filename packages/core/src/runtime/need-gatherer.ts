import { AsyncLocalStorage } from 'node:async_hooks';

import type { Clock } from '../kernel/clock.js';
import type { NewTask } from '../model/command.js';

/** Thrown out of `ctx.need` to end a run that has to wait. An agent that catches it is suspended all the same. */
export class SuspensionSignal extends Error {
  constructor() {
    super('The attempt is suspended until what it asked for has ended. Let this error pass.');
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

const GATHER_MS = 5;

interface StepUnderWay {
  isAwaited: boolean;
}

/** The step in which code runs, where it runs in one. */
const currentStep = new AsyncLocalStorage<StepUnderWay>();

interface Question {
  readonly key: string;
  readonly task: NewTask | null;
  /** The task that was made for it in an earlier round and has not ended yet. */
  readonly asked: number | null;
}

/**
 * Collects the questions of one run. The first one opens a short window, so that questions asked together (after uneven
 * awaits in one `Promise.all`) create their tasks together; when it closes, all of them reject and the run is suspended. A
 * step that has begun keeps it open: what it has done must not be done again.
 */
export class NeedGatherer {
  private readonly questions = new Map<string, Question>();
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

  /** Never resolves; rejects when the window closes. The same question asked twice is asked once. */
  ask(question: Question): Promise<never> {
    if (!this.questions.has(question.key)) this.questions.set(question.key, question);
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
  async during<T>(act: () => Promise<T>): Promise<T> {
    const step: StepUnderWay = { isAwaited: true };
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

  tasks(): NewTask[] {
    return [...this.questions.values()].flatMap(({ task }) => (task ? [task] : []));
  }

  alreadyAsked(): number[] {
    return [...this.questions.values()].flatMap(({ asked }) => (asked === null ? [] : [asked]));
  }
}
