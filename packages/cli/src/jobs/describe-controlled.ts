import type { JobState } from '@taskloom/client';

import { toJson } from '../terminal/to-json.js';

/** Where a job stands after something was done to it. */
export function describeControlled(job: JobState, { json }: { readonly json?: boolean }): string {
  return json ? `${toJson(job)}\n` : `Job ${job.id} is ${job.status}.\n`;
}
