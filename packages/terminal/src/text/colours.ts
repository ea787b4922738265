import pc from 'picocolors';

export type Colours = ReturnType<typeof pc.createColors>;

/** Variables of the environment, usually `process.env`. */
export type Environment = { readonly [name: string]: string | undefined };

/** Colours for what is written to `stream`: only on a terminal that has them, unless the person says otherwise. */
export function coloursFor(stream: { readonly isTTY?: boolean }, env: Environment): Colours {
  return pc.createColors(wantsColours(stream, env));
}

/** See https://no-color.org and https://force-color.org: set and not empty counts. */
function wantsColours({ isTTY = false }: { readonly isTTY?: boolean }, env: Environment): boolean {
  if (isSet(env['NO_COLOR'])) return false;
  if (isSet(env['FORCE_COLOR'])) return env['FORCE_COLOR'] !== '0';
  return isTTY && env['TERM'] !== 'dumb';
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
