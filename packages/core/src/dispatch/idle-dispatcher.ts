import { TaskloomError } from '../errors/taskloom-error.js';
import type { Dispatcher, LimitGauge, LimitWait, ReadyTask } from '../ports/dispatcher.js';

/** That of an engine which runs no tasks: it takes none, and what others take it does not know. */
export class IdleDispatcher implements Dispatcher {
  setAgent(): void {
    // The engine that runs the tasks knows its agents.
  }

  offer(): void {
    // It is offered there, too.
  }

  take(): ReadyTask | null {
    return null;
  }

  release(): void {
    // Nothing was taken.
  }

  /** @throws TaskloomError `RUNS_NO_TASKS` */
  waitingFor(): LimitWait | null {
    throw runsNoTasks('which limit a task waits for');
  }

  /** @throws TaskloomError `RUNS_NO_TASKS` */
  gauges(): readonly LimitGauge[] {
    throw runsNoTasks('how full its limits are');
  }
}

export function runsNoTasks(what: string): TaskloomError {
  return new TaskloomError('RUNS_NO_TASKS', `This engine runs no tasks (\`runTasks: false\`); ${what} is known by the one that runs them.`);
}
