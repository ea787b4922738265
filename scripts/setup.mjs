// npm run setup: everything a clone needs before work can begin.
import { checkNode } from './setup/check-node.mjs';

checkNode();

const { setUp } = await import('./setup/set-up.mjs');
const { exitWith } = await import('./setup/exit-with.mjs');

await setUp().catch(exitWith);
