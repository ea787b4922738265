import { errorsPage } from './errors.mjs';
import { fillBlocks } from './generated-blocks.mjs';
import { options } from './options.mjs';
import { read } from './repository.mjs';
import { satisfaction, taskMoves } from './state-machine.mjs';

const makers = { options, 'task-moves': taskMoves, satisfaction };

/** Every page that is written from code, or has parts that are, and what makes it. */
export const generatedPages = [
  { path: 'docs/errors.md', make: errorsPage },
  ...['docs/configuration.md', 'docs/state-machine.md'].map((path) => ({ path, make: () => fillBlocks(read(path), makers) })),
];
