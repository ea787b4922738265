import { TestTerminal } from '@taskloom/terminal/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { CuttingProxy } from '../support/cutting-proxy.js';
import { startJobApp, stopJobApps, type JobApp } from '../support/job-app.js';
import { hasTerminals, runShell, shellCommand } from '../support/real-process.js';

jest.setTimeout(120_000);

const CTRL_C = '\u0003';

let app: JobApp;

beforeAll(async () => {
  app = await startJobApp();
});
afterAll(stopJobApps);

const job = (...args: readonly string[]): string => shellCommand(['job', ...args, '--url', app.url]);

describe('taskloom job, as a process', () => {
  it('ends by itself, with the exit code of the job', async () => {
    expect(await runShell(job('start', 'welcome', '-i', '{"names":["Ada"]}', '--watch'))).toMatchObject({ code: 0 });
    expect(await runShell(job('start', 'breaking', '--watch'))).toMatchObject({ code: 1 });
    expect(await runShell(job('show', 'nothing'))).toMatchObject({ code: 4 });
  });

  it('reads standard input', async () => {
    expect(await runShell(`echo '{ "names": ["Ada"] }' | ${job('start', 'welcome', '--input', '-', '--watch')}`)).toMatchObject({
      code: 0,
      written: expect.stringContaining('"Hello, Ada!"'),
    });
  });

  it('is silent when whoever reads it has gone', async () => {
    const { id } = await app.engine.startWorkflow('welcome', { names: Array.from({ length: 300 }, (_, index) => `n${index}`) });
    await app.engine.job(id).result();
    const { code, written } = await runShell(`set -o pipefail; ${job('watch', id, '--json')} | head -1`);
    expect(code).toBe(0);
    expect(written.trimEnd().split('\n')).toEqual([expect.stringContaining('"seq":1,')]);
  });

  it('ends with 3 when it has given up, whatever else it was waiting for', async () => {
    const proxy = new CuttingProxy(app.port);
    const url = await proxy.listen();
    const { id } = await app.engine.startWorkflow('waiting', {});
    const { code, written } = await runShell(shellCommand(['job', 'watch', id, '--url', url, '--reconnects', '2']), {
      reaction: { at: /started {3}Wait/, act: () => proxy.refuse() },
    });
    await proxy.close();
    expect({ code, written }).toMatchObject({ code: 3, written: expect.stringContaining('SERVER_UNREACHABLE') });
  });

  it('is stopped by SIGTERM with 143', async () => {
    const { id } = await app.engine.startWorkflow('waiting', {});
    const { code } = await runShell(`exec ${job('watch', id)}`, {
      reaction: { at: /started {3}Wait/, act: (child) => void child.kill('SIGTERM') },
    });
    expect(code).toBe(143);
  });
});

(hasTerminals ? describe : describe.skip)('taskloom job watch, in a terminal of its own', () => {
  it('is drawn over, has colours, and is left by Ctrl-C with 130 and the terminal as it was', async () => {
    const { id } = await app.engine.startWorkflow('waiting', {});
    const { code, written } = await runShell(
      `before=$(stty -g); ${job('watch', id)}; code=$?; [ "$before" = "$(stty -g)" ] && echo restored; exit $code`,
      {
        size: 'cols 90 rows 24',
        reaction: { at: /half way/, act: (child) => void child.stdin.write(CTRL_C) },
      },
    );
    expect(code).toBe(130);
    expect(written).toContain('restored');
    expect(written).toContain('\u001B[2m');
    expect(written).not.toMatch(/\[\?(25l|1049h)/);
    const terminal = new TestTerminal(90, 24);
    terminal.write(written.replaceAll('\r\n', '\n'));
    const lines = terminal.lines().join('\n');
    expect(lines).toContain('The job goes on without you. See it again with:');
    expect(lines.match(/Job /g)).toHaveLength(1);
  });

  it('with NO_COLOR in 20 columns it is the same tree without colours, cut', async () => {
    const { id } = await app.engine.startWorkflow('breaking', {});
    const { code, written } = await runShell(job('watch', id), { size: 'cols 20 rows 10', env: { NO_COLOR: '1' } });
    expect(code).toBe(1);
    expect(written).not.toMatch(/\[[\d;]*m/);
    expect(written).toContain('✖ Write it down');
  });
});
