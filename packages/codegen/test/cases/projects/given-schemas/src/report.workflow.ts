import { task, type Flow } from '@taskloom/core';
import { z } from 'zod';

import { Plan } from './barrel.js';
import { countLines, listFiles } from './generated/taskloom.generated.js';
import { NAMES } from './names.js';

const options = { version: '7', description: 'Reports on lines' } as const;

@Plan({ ...options, name: NAMES.report, input: z.object({ root: z.string() }), output: z.object({ lines: z.number() }) })
export class LineReport {
  plan(flow: Flow, input: { root: string }) {
    const files = flow.add(listFiles({ root: input.root }));
    const counted = flow.map(files.out.entries, (entry) => countLines({ paths: [entry.name] }).retry({ maxAttempts: 3 }).priority(8));
    const whole = flow.add(task('count-lines', { paths: [input.root], depth: 1 }));
    void counted;
    return { lines: whole.out.lines };
  }
}
