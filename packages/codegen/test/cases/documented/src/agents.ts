import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';

/** A file, or a folder of files. */
export interface FileTree {
  /** Where it lies, from the root. @example src/main.ts */
  path: string;
  /** @minimum 0 @integer */
  size?: number;
  /** What is in it. */
  children?: FileTree[];
}

@TaskAgent({ name: 'list-files', description: 'Lists the files of a repository.\n\nHidden ones are left out.', capabilities: ['read-files'], version: '2.1' })
export class ListFiles {
  execute(input: {
    /** The folder to start from. */
    root: string;
    /** @default 10 @minimum 1 @maximum 100 @integer */
    depth?: number;
    /** @deprecated */
    hidden?: boolean;
  }): { tree: FileTree; readAt: Date; kinds: Record<string, number> } {
    return { tree: { path: input.root }, readAt: new Date(), kinds: {} };
  }
}

@TaskAgent({
  name: 'weigh',
  description: 'Weighs one file.',
  input: z.object({ path: z.string().min(1).describe('Where it lies.'), unit: z.enum(['byte', 'kilobyte']).default('byte') }),
  output: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('file'), weight: z.number().nonnegative() }),
    z.object({ kind: z.literal('folder'), files: z.array(z.object({ path: z.string() })).min(1).max(9) }),
  ]),
})
export class Weigh {
  execute(input: { path: string }) {
    return { kind: 'file' as const, weight: input.path.length };
  }
}

/** Only text. */
@TaskAgent({ name: 'shout', description: 'Makes text `LOUD` | <b>bold</b> *and* _more_ </script><script>alert(1)</script>' })
export class Shout {
  execute(input: string): string {
    return input.toUpperCase();
  }
}
