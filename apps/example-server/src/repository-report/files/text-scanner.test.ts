import { describe, expect, it } from '@jest/globals';
import { TextScanner, type TodoMark } from './text-scanner.js';

function scan(text: string | Buffer, pieceBytes = Number.POSITIVE_INFINITY): { lines: number; todos: readonly TodoMark[] } {
  const bytes = Buffer.from(text as string);
  const scanner = new TextScanner();
  for (let at = 0; at < bytes.length; at += pieceBytes) scanner.push(bytes.subarray(at, Math.min(at + pieceBytes, bytes.length)));
  scanner.end();
  return { lines: scanner.lines, todos: scanner.todos };
}

describe('counting lines', () => {
  it.each([
    ['', 0],
    ['\n', 1],
    ['a', 1],
    ['a\n', 1],
    ['a\nb', 2],
    ['\n\n', 2],
    ['a\r\nb\r\n', 2],
    ['only\rcarriage\rreturns', 1],
  ])('%j has %d', (text, lines) => {
    expect(scan(text).lines).toBe(lines);
    expect(scan(text, 1).lines).toBe(lines);
  });
});

describe('finding markers', () => {
  it('finds each word, once per line, the first one', () => {
    expect(scan('// TODO: one\n\n/* XXX, then TODO */\n  FIXME\nHACK').todos).toEqual([
      { line: 1, tag: 'TODO', text: '// TODO: one' },
      { line: 3, tag: 'XXX', text: '/* XXX, then TODO */' },
      { line: 4, tag: 'FIXME', text: 'FIXME' },
      { line: 5, tag: 'HACK', text: 'HACK' },
    ]);
  });

  it.each(['TODOs', 'todo', 'Todo', 'TODO_LIST', 'XXXX', 'aTODO', 'TODO1', 'ÄTODO', 'HACKÉ', 'FIXMEд', '名TODO', 'TOD\nO'])(
    'takes no part of a word for one: %s',
    (text) => {
      expect(scan(text).todos).toEqual([]);
      expect(scan(text, 1).todos).toEqual([]);
    },
  );

  it.each(['TODO(ada)', '#TODO', '<TODO>', 'TODO.', '"XXX"', '-HACK-', 'TODOs TODO'])('finds it beside punctuation: %s', (text) => {
    expect(scan(text).todos).toHaveLength(1);
  });

  it('says the same however the bytes are cut', () => {
    const text = `é TODO a\n\n${'x'.repeat(300)} FIXME ö\nTODOx XXX\nlast HACK`;
    const whole = scan(text);
    for (const pieceBytes of [1, 2, 3, 5, 7, 64, 300]) expect(scan(text, pieceBytes)).toEqual(whole);
    expect(whole.todos.map(({ line }) => line)).toEqual([1, 3, 4, 5]);
  });

  it('finds a marker anywhere in a line of many megabytes, with bounded memory', () => {
    const megabytes = Buffer.alloc(3_000_000, 'ab ');
    for (const at of [0, 65_530, 65_536, 1_000_000, 2_999_990]) {
      const bytes = Buffer.from(megabytes);
      bytes.write(' TODO ', at);
      const { lines, todos } = scan(Buffer.concat([Buffer.from('x\n'), bytes, Buffer.from('\nTODO\n')]), 50_000);
      expect(lines).toBe(3);
      expect(todos.map(({ line }) => line)).toEqual([2, 3]);
      expect(todos[0]?.text).toMatch(/TODO/);
      expect(todos[0]?.text.length).toBeLessThanOrEqual(162);
    }
  });

  it('does not take the end of a word for a marker where a long line is cut', () => {
    for (let shift = 0; shift < 40; shift++) {
      const bytes = Buffer.from(`${'ä'.repeat(32_000 + shift)}${'ÄTODO'.repeat(400)}${'ö'.repeat(60_000)}`);
      expect(scan(bytes, 65_536).todos).toEqual([]);
      expect(scan(bytes, 1021).todos).toEqual([]);
    }
  });

  it('cuts a long text around its marker and keeps it readable', () => {
    const [todo] = scan(`${'ü'.repeat(500)} TODO 🧵${'🧵'.repeat(300)}`).todos;
    expect(todo?.text.startsWith('…')).toBe(true);
    expect(todo?.text.endsWith('…')).toBe(true);
    expect(todo?.text).toContain('ü TODO 🧵');
    expect(todo?.text.isWellFormed()).toBe(true);
    expect([...(todo?.text ?? '')].length).toBeLessThanOrEqual(162);
  });

  it('makes control characters harmless and survives bytes that are no UTF-8', () => {
    expect(scan(Buffer.from('\t// TODO\x1b[31m a\0b \xff\xfe\r\n', 'latin1')).todos[0]?.text).toBe('// TODO [31m a b \ufffd\ufffd');
  });
});
