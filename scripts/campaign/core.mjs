// The engine as it is built, and the zod that it is used with. The campaign has no package of its own to find them by name.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const FROM = new URL('../../packages/core/package.json', import.meta.url);

export const core = await import(new URL('dist/index.js', FROM).href);
export const { z } = await import(pathToFileURL(createRequire(FROM).resolve('zod')).href);
