import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import type { Json } from '@taskloom/client';

import { CliError } from '../terminal/cli-error.js';
import type { Terminal } from '../terminal/terminal.js';

/**
 * A JSON value as it is given on a command line: itself, `@file`, or `-` for standard input.
 *
 * @param option how it is called, for messages
 * @throws CliError `INPUT_UNREADABLE`, `INPUT_NOT_JSON`
 */
export async function readJson(given: string, option: string, terminal: Pick<Terminal, 'input' | 'directory'>): Promise<Json> {
  const { text, source } = await textOf(given, option, terminal);
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as Json;
  } catch (error) {
    const isPath = given === text && /^[\w./\\-]+$/.test(text);
    throw new CliError(
      'INPUT_NOT_JSON',
      `${source} is no JSON: ${(error as Error).message}.`,
      isPath ? `Write ${option} @${text} to read a file.` : 'Correct it; names and texts stand between double quotes.',
      2,
    );
  }
}

async function textOf(
  given: string,
  option: string,
  { input, directory }: Pick<Terminal, 'input' | 'directory'>,
): Promise<{ readonly text: string; readonly source: string }> {
  if (given === '-') return { text: await input(), source: 'What came by standard input' };
  if (!given.startsWith('@')) return { text: given, source: option };
  const path = resolve(directory, given.slice(1));
  try {
    return { text: await readFile(path, 'utf8'), source: path };
  } catch (error) {
    throw new CliError(
      'INPUT_UNREADABLE',
      `${path} cannot be read: ${reasonOf(error as NodeJS.ErrnoException)}.`,
      'Give the path of a file after the @.',
      2,
    );
  }
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  const known: { readonly [code: string]: string } = {
    ENOENT: 'there is no such file',
    EISDIR: 'it is a folder',
    EACCES: 'this user may not',
  };
  return known[code ?? ''] ?? message;
}
