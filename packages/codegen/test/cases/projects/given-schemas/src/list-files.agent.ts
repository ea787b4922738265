import { z } from 'zod';

import { taskloom } from './barrel.js';
import { PREFIX } from './names.js';

interface Entry {
  name: string;
  children: Entry[];
}

const Entry: z.ZodType<Entry, Entry> = z.object({ name: z.string(), get children() { return z.array(Entry); } });

/** Lists files, folder by folder. */
@taskloom.TaskAgent({ name: `${PREFIX}-files`, input: z.object({ root: z.string() }).strict(), output: z.object({ entries: z.array(Entry), loose: z.looseObject({ a: z.string() }) }) })
export class ListFiles {
  execute(input: { root: string }) {
    return { entries: [{ name: input.root, children: [] }], loose: { a: 'b' } };
  }
}
