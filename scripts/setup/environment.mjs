import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { pnpmBinDir } from './paths.mjs';

/** The environment of every command the scripts start: this Node and the pinned pnpm come first, and nothing calls home. */
export function environment() {
  const { Path, PATH = Path ?? '', ...env } = process.env;
  const nodeDir = dirname(process.execPath);
  return {
    ...env,
    PATH: [pnpmBinDir, nodeDir, PATH].join(delimiter),
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    DO_NOT_TRACK: '1',
    ...headersOfThisNode(dirname(nodeDir)),
  };
}

/** Headers installed beside Node spare node-gyp the download. pnpm hands only the variable on, not npm's own setting. */
function headersOfThisNode(prefix) {
  if (process.env.npm_config_nodedir || !existsSync(join(prefix, 'include', 'node', 'node_api.h'))) return {};
  return { npm_config_nodedir: prefix };
}
