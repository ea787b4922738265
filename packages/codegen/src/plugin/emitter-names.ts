/** Emitters that a project may ask for. In a file of its own: the command line names them without loading the compiler. */
export const EMITTER_NAMES = ['client', 'docs', 'graphql', 'mcp'] as const;

export type EmitterName = (typeof EMITTER_NAMES)[number];

export function isEmitterName(name: string): name is EmitterName {
  return (EMITTER_NAMES as readonly string[]).includes(name);
}
