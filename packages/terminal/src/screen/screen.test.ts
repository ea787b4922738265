import { describe, expect, it } from '@jest/globals';
import { Screen } from './screen.js';
import { TestTerminal } from '../testing/test-terminal.js';

describe('a screen', () => {
  it('draws each picture over the one before and leaves what stood above', () => {
    const terminal = new TestTerminal(20, 10);
    terminal.write('before\n');
    const screen = new Screen(terminal);
    screen.draw(['one', 'two', 'three']);
    expect(terminal.lines()).toEqual(['before', 'one', 'two', 'three']);
    screen.draw(['1', 'two', '3']);
    expect(terminal.lines()).toEqual(['before', '1', 'two', '3']);
  });

  it('leaves nothing of a picture that was longer, at any line', () => {
    const terminal = new TestTerminal(20, 10);
    const screen = new Screen(terminal);
    screen.draw(['a', 'a long line', 'b', 'last']);
    screen.draw(['a', 'b', 'last']);
    screen.draw(['x']);
    terminal.write('after\n');
    expect(terminal.lines()).toEqual(['x', 'after']);
  });

  it('grows', () => {
    const terminal = new TestTerminal(20, 10);
    const screen = new Screen(terminal);
    screen.draw(['one']);
    screen.draw(['one', 'two', 'three']);
    expect(terminal.lines()).toEqual(['one', 'two', 'three']);
  });

  it('goes up no further than the window does', () => {
    const terminal = new TestTerminal(20, 4);
    const screen = new Screen(terminal);
    screen.draw(['1', '2', '3', '4', '5', '6']);
    screen.draw(['one']);
    expect(terminal.written.match(/\[\d+A/gu)).toEqual(['[3A']);
  });

  it('writes nothing when nothing has changed', () => {
    const terminal = new TestTerminal(20, 4);
    const screen = new Screen(terminal);
    screen.draw(['one']);
    const { written } = terminal;
    screen.draw(['one']);
    expect(terminal.written).toBe(written);
  });

  it.each([50, 19, 10, 7])('finds its place again in a window that was made %d columns wide', (columns) => {
    const terminal = new TestTerminal(30, 20);
    terminal.write('before\n');
    const screen = new Screen(terminal);
    screen.draw(['a line of 20 columns', '\u001B[1mbold\u001B[22m', '名前名前名前']);
    terminal.resize(columns);
    screen.draw(['one', 'two']);
    expect(terminal.lines()).toEqual(['before', 'one', 'two']);
  });

  it('takes the usual size for a terminal that does not know its own', () => {
    let written = '';
    const screen = new Screen({ columns: 0, rows: 0, write: (text) => (written += text) });
    screen.draw(['one', 'two']);
    screen.draw(['1', '2']);
    expect(written.match(/\[\d+A/gu)).toEqual(['[2A']);
  });

  it('shows a change in one piece', () => {
    const terminal = new TestTerminal(20, 4);
    new Screen(terminal).draw(['one', 'two']);
    expect(terminal.writes).toBe(1);
  });
});
