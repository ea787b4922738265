import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { reportWithoutEngine } from './testing/report-without-engine.js';
import { ThrowAwayDirectory } from './testing/throw-away-repository.js';
import { prepareOutDir, reportFilesIn, writeReport } from './write-report.js';

describe('writing a report', () => {
  let directory: ThrowAwayDirectory;
  beforeEach(() => {
    directory = new ThrowAwayDirectory();
    directory.write('in/a.ts', 'x\n');
  });
  afterEach(() => directory.remove());

  it('writes the three files and nothing else, making the directory', async () => {
    const report = await reportWithoutEngine(directory.path('in'));
    const files = await writeReport(directory.path('deep', 'er', 'out'), report);
    expect(files).toEqual(reportFilesIn(directory.path('deep/er/out')));
    expect(readdirSync(directory.path('deep/er/out')).sort()).toEqual(['report.html', 'report.json', 'report.md']);
    expect(JSON.parse(readFileSync(files.json, 'utf8'))).toEqual(report);
    expect(readFileSync(files.html, 'utf8')).toMatch(/^<!doctype html>/);
    expect(readFileSync(files.markdown, 'utf8')).toMatch(/^# in\n/);
  });

  it('replaces an older report', async () => {
    const report = await reportWithoutEngine(directory.path('in'));
    const { json } = await writeReport(directory.path('out'), report);
    await writeReport(directory.path('out'), { ...report, summary: 'newer' });
    expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({ summary: 'newer' });
    expect(readdirSync(directory.path('out'))).toHaveLength(3);
  });

  it('removes what a process left that was killed while it wrote, and nothing else', async () => {
    const dead = directory.run('sh', ['-c', 'echo $$']).toString().trim();
    const draft = (pid: number | string): string => `report.json.${pid}-0123456789ab.tmp`;
    const others = [draft(process.pid), 'report.json.tmp', `report.json.${dead}.tmp`, `data.json.${dead}-0123456789ab.tmp`];
    for (const name of [draft(dead), ...others]) directory.write(`out/${name}`, 'half');
    await writeReport(directory.path('out'), await reportWithoutEngine(directory.path('in')));
    expect(readdirSync(directory.path('out')).sort()).toEqual([...others, 'report.html', 'report.json', 'report.md'].sort());
  });

  it('names what is in the way of the directory', async () => {
    directory.write('file');
    await expect(prepareOutDir(directory.path('file'))).rejects.toMatchObject({ code: 'OUT_NOT_DIRECTORY' });
    await expect(prepareOutDir(directory.path('file/below'))).rejects.toMatchObject({ code: 'OUT_NOT_DIRECTORY' });
  });

  it('names what is in the way of a file, and leaves no half of it behind', async () => {
    mkdirSync(directory.path('out/report.json/x'), { recursive: true });
    const report = await reportWithoutEngine(directory.path('in'));
    await expect(writeReport(directory.path('out'), report)).rejects.toMatchObject({
      code: 'OUT_NOT_WRITABLE',
      message: expect.stringContaining('report.json'),
    });
    expect(readdirSync(directory.path('out'))).toEqual(['report.json']);
    expect(statSync(directory.path('out/report.json')).isDirectory()).toBe(true);
  });

  (process.getuid?.() === 0 ? it.skip : it)('names a directory it may not write to', async () => {
    mkdirSync(directory.path('out'));
    chmodSync(directory.path('out'), 0o500);
    await expect(prepareOutDir(directory.path('out'))).rejects.toMatchObject({ code: 'OUT_NOT_WRITABLE' });
    await expect(prepareOutDir(directory.path('out/below'))).rejects.toMatchObject({ code: 'OUT_NOT_WRITABLE' });
  });
});
