// npm start [-- ARGS]: sets the clone up as far as needed, then becomes the example server.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkNode } from './setup/check-node.mjs';

checkNode();

const { setUp } = await import('./setup/set-up.mjs');
const { exitWith } = await import('./setup/exit-with.mjs');
const { root } = await import('./setup/paths.mjs');

await setUp().catch(exitWith);

// The server runs in this very process: signals, exit code and a SIGKILL reach it without a go-between.
const main = join(root, 'apps', 'example-server', 'dist', 'main.js');
process.argv.splice(1, 1, main);
process.chdir(process.env.INIT_CWD ?? process.cwd());
process.setSourceMapsEnabled(true);
await import(pathToFileURL(main).href);
