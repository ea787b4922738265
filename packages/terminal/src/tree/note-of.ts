import { oneLine } from '../text/one-line.js';
import { isRunByApplication, type TreeTask } from './tree-task.js';

/** What there is to say about where a task stands, beyond its status; `null`: nothing. */
export function noteOf(task: TreeTask): string | null {
  switch (task.status) {
    case 'COMPLETED':
    case 'ACCEPTED':
      return isRunByApplication(task) ? newsOf(task) : null;
    case 'FAILED':
    case 'REJECTED':
      return task.error?.message ?? task.statusMessage;
    case 'SKIPPED':
    case 'CANCELLED':
      return task.statusMessage;
    case 'IN_PROGRESS':
      return task.progressMessage;
    case 'BLOCKED':
      return waitOf(task) ?? retryOf(task);
    default:
      return retryOf(task);
  }
}

/** What a task waits for that does not come by itself; `null`: nothing. */
export function waitOf({ status, statusReason, statusMessage, error }: TreeTask): string | null {
  switch (status === 'BLOCKED' ? statusReason : null) {
    case 'WAITING_HUMAN':
      return error === null ? 'waits for an answer' : `failed and asks what to do: ${error.message}`;
    case 'WAITING_REVIEW':
      return 'waits to be judged';
    case 'MANUAL':
      return told('waits for an operator', statusMessage);
    case 'AGENT_UNAVAILABLE':
      return told('waits for its agent, which no process has', statusMessage);
    default:
      return null;
  }
}

/** The summary that the engine makes where an agent gives none begins with what the line says already. */
function newsOf({ name, summary }: TreeTask): string | null {
  if (summary === null) return null;
  const known = `${oneLine(name)} completed.`;
  const whole = oneLine(summary);
  return whole.startsWith(known) ? whole.slice(known.length).trim() || null : whole;
}

function retryOf({ error }: TreeTask): string | null {
  return error === null ? null : `tries again: ${error.message}`;
}

function told(what: string, message: string | null): string {
  return message === null ? what : `${what}: ${message}`;
}
