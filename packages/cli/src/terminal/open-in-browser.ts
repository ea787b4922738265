import { spawn } from 'node:child_process';

import { CliError } from './cli-error.js';

/**
 * Has the system show a file. `BROWSER` names another program.
 *
 * @throws CliError `BROWSER_NOT_FOUND`
 */
export function openInBrowser(path: string, env: { readonly [name: string]: string | undefined }): Promise<void> {
  const [command, args] = commandFor(path, env['BROWSER']);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'ignore', detached: true, env });
    child.once('error', (error) => {
      reject(
        new CliError(
          'BROWSER_NOT_FOUND',
          `${command} cannot be started: ${error.message}`,
          `Open ${path} yourself, or set BROWSER to a program that does.`,
        ),
      );
    });
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
  });
}

function commandFor(path: string, browser: string | undefined): readonly [string, string[]] {
  if (browser !== undefined && browser !== '') return [browser, [path]];
  if (process.platform === 'darwin') return ['open', [path]];
  if (process.platform === 'win32') return ['cmd', ['/c', 'start', '""', path]];
  return ['xdg-open', [path]];
}
