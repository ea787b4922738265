import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';

const EVIL = '*/ `${process.exit(7)}` "quoted" \'single\' \\ back\nnew line\r\n@deprecated \u2028 \u2029 </script> ../../x ünïcödé 🐙';

@TaskAgent({
  name: 'delete',
  description: '*/ globalThis.pwned = true; /* `${process.exit(7)}` \u2028 @see me',
  input: z.object({
    'a-b': z.string().describe(EVIL),
    "it's": z.string().default(EVIL),
    '__proto__x': z.string(),
    'constructor': z.string().optional(),
    '*/': z.enum(['*/', '`${1}`', "it's", '"', '\u2028', '</script>', '../../x']),
    '../../x': z.literal('\\'),
    '': z.number().optional(),
    'ünïcödé': z.string(),
  }),
  output: z.object({ [EVIL]: z.literal(EVIL) }),
})
export class Evil {
  execute(): never {
    throw new Error();
  }
}

@TaskAgent({ name: '3d.Render:v2' })
export class Render {
  execute(input: {
    /** Ends here: *\/ and goes on.
     * @default "*\/ `${1}`"
     * @example "</script>"
     */
    text?: string;
    quote: "'" | '"' | '`' | '${x}';
  }) {
    return { text: input.text ?? '', 'with-dash': 1, 'new\nline': true };
  }
}

@TaskAgent({ name: 'class', input: z.object({}), output: z.object({}) })
export class Class {
  execute() {
    return {};
  }
}

@TaskAgent({ name: '..' , input: z.object({}), output: z.object({}) })
export class Dots {
  execute() {
    return {};
  }
}

@TaskAgent({ name: 'manifest', input: z.object({}), output: z.object({}) })
export class ManifestAgent {
  execute() {
    return {};
  }
}

@TaskAgent({ name: 'Con', input: z.object({}), output: z.object({}) })
export class Con {
  execute() {
    return {};
  }
}
