import { EventEmitter } from 'node:events';
import { setTimeout as pass } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pc from 'picocolors';

import { exampleTask } from '../testing/example-task.js';
import { TestTerminal } from '../testing/test-terminal.js';
import { LiveView, type LiveTerminal } from './live-view.js';
import { viewOn } from './view-on.js';

class ResizableTerminal extends TestTerminal implements LiveTerminal {
  readonly isTTY = true;
  private readonly events = new EventEmitter();
  on = (event: 'resize', listener: () => void): unknown => this.events.on(event, listener);
  off = (event: 'resize', listener: () => void): unknown => this.events.off(event, listener);
  listeners = (): number => this.events.listenerCount('resize');

  override resize(columns: number): void {
    super.resize(columns);
    this.events.emit('resize');
  }
}

const colours = pc.createColors(false);
const root = exampleTask(0, { name: 'Report', agent: null });
const task = exampleTask(1, { name: 'List the files', agent: 'list-files' });
let terminal: ResizableTerminal;
let view: LiveView;

beforeEach(() => {
  terminal = new ResizableTerminal(60, 10);
  view = new LiveView(terminal, { colours, showAgents: true });
});
afterEach(() => view.end());

describe('a live view', () => {
  it('shows the tree, and below it what is said until it is taken back', () => {
    view.show([root, task]);
    view.say('The connection is lost.\u001B[2J');
    expect(terminal.lines()).toEqual(['· Report ░░░░░░░░░░░░░░░░░░░░ 0/1', '└─ · List the files @list-files', 'The connection is lost.']);
    view.say(null);
    expect(terminal.lines()).toEqual(['· Report ░░░░░░░░░░░░░░░░░░░░ 0/1', '└─ · List the files @list-files']);
  });

  it('is drawn anew for a window of another width, down to 20 columns', () => {
    view.show([root, task]);
    terminal.resize(20);
    expect(terminal.lines()).toEqual(['· Report ░░░░░░ 0/1', '└─ · List the files']);
  });

  it('keeps within the window while it goes on, and leaves the whole tree when it ends', () => {
    const many = [root, ...Array.from({ length: 12 }, (_, index) => exampleTask(index + 1))];
    view.show(many);
    view.say('Waiting.');
    expect(terminal.lines()).toHaveLength(8);
    view.end();
    expect(terminal.lines()).toHaveLength(13);
    expect(terminal.lines()).not.toContain('Waiting.');
  });

  it('leaves the terminal as it was: no listener, no timer, nothing steered that is not put back', async () => {
    view.show([root, { ...task, status: 'IN_PROGRESS' }]);
    view.end();
    expect(terminal.listeners()).toBe(0);
    const { writes } = terminal;
    await pass(250);
    expect(terminal.writes).toBe(writes);
    // Drawing in one piece is begun and ended; the cursor is never hidden, nor another screen shown.
    const steering = [...terminal.written.matchAll(/\[\?(\d+)([hl])/g)].map(([, mode, set]) => `${mode}${set}`);
    expect(new Set(steering)).toEqual(new Set(['2026h', '2026l']));
    expect(steering.at(-1)).toBe('2026l');
  });
});

describe('where a job is shown', () => {
  it('a pipe and a dumb terminal get lines, what is said too, once', () => {
    for (const [output, env] of [
      [new TestTerminal(80, 24), { TERM: 'xterm' }],
      [terminal, { TERM: 'dumb' }],
    ] as const) {
      const plain = viewOn(output as unknown as LiveTerminal, { env });
      plain.show([root, { ...task, status: 'COMPLETED' }]);
      plain.say('Lost.');
      plain.say('Lost.');
      plain.end();
      expect(output.lines()).toEqual(['completed List the files', 'Lost.']);
    }
  });
});
