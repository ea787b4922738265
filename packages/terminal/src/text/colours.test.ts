import { describe, expect, it } from '@jest/globals';
import { coloursFor } from './colours.js';

const terminal = { isTTY: true };
const pipe = { isTTY: false };

describe('colours', () => {
  it.each<[string, { isTTY?: boolean }, NodeJS.ProcessEnv, boolean]>([
    ['a terminal has them', terminal, { TERM: 'xterm-256color' }, true],
    ['a pipe has none', pipe, { TERM: 'xterm-256color' }, false],
    ['a file has none', {}, {}, false],
    ['a pipe in continuous integration has none', pipe, { CI: 'true' }, false],
    ['NO_COLOR takes them away', terminal, { NO_COLOR: '1' }, false],
    ['an empty NO_COLOR does not', terminal, { NO_COLOR: '' }, true],
    ['a dumb terminal has none', terminal, { TERM: 'dumb' }, false],
    ['FORCE_COLOR gives them to a pipe', pipe, { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR=0 takes them away', terminal, { FORCE_COLOR: '0' }, false],
    ['NO_COLOR is stronger than FORCE_COLOR', terminal, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ])('%s', (_, stream, env, has) => {
    expect(coloursFor(stream, env).isColorSupported).toBe(has);
    expect(coloursFor(stream, env).red('x') === 'x').toBe(!has);
  });
});
