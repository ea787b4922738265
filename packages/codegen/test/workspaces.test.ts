import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { check, jsonSchemaOfDocument, type GenerateResult } from '../src/index.js';
import { CASES } from './support/case-folders.js';
import { TemporaryProject } from './support/temporary-project.js';

jest.setTimeout(120_000);

const json = (value: object): string => JSON.stringify(value);
const OPTIONS = { extends: join(CASES, 'tsconfig.base.json') };
const BUILT = { rootDir: 'src', outDir: 'dist', composite: true, noEmit: false };

/** An agent, a type and a schema, as a package gives them: by what it is compiled to. Nothing is compiled here. */
const BIRDS = {
  'packages/birds/package.json': json({
    name: '@acme/birds',
    type: 'module',
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
  }),
  'packages/birds/tsconfig.json': json({
    ...OPTIONS,
    compilerOptions: { ...BUILT, paths: { '#kinds': ['./src/kinds.ts'] } },
    include: ['src'],
  }),
  'packages/birds/src/index.ts': "export { LastSeen, type Sighting } from './last-seen.agent.js';\nexport { Place } from './place.js';\n",
  'packages/birds/src/kinds.ts': "export type Kind = 'owl' | 'kite';\n",
  'packages/birds/src/place.ts': "import { z } from 'zod';\nexport const Place = z.object({ place: z.string().min(3) });\n",
  'packages/birds/src/last-seen.agent.ts': `
import { TaskAgent } from '@taskloom/decorators';
import type { Kind } from '#kinds';
export interface Sighting {
  kind: Kind | null;
  at: Date;
  /** @minimum 1 @integer */
  count: number;
}
@TaskAgent({ name: 'last-seen' })
export class LastSeen {
  execute(input: { sightings: Sighting[] }): { at: Date | null; best: Sighting } {
    return { at: null, best: input.sightings[0]! };
  }
}
`,
};

/** An agent that uses the other package's type and schema, and a workflow that uses its agent, by its class. */
const REPORT = {
  'packages/report/package.json': json({ name: '@acme/report', type: 'module' }),
  'packages/report/src/report.workflow.ts': `
import { LastSeen, Place, type Sighting } from '@acme/birds';
import type { Flow } from '@taskloom/core';
import { TaskAgent, Workflow } from '@taskloom/decorators';
@TaskAgent({ name: 'print', output: Place })
export class Print {
  execute(input: { sighting: Sighting }) {
    return { place: String(input.sighting.kind) };
  }
}
@Workflow({ name: 'report' })
export class Report {
  plan(flow: Flow, input: { sightings: Sighting[] }) {
    const seen = flow.add(LastSeen, { sightings: input.sightings });
    const printed = flow.add(Print, { sighting: seen.out.best });
    return { at: seen.out.at, best: seen.out.best, place: printed.out.place };
  }
}
`,
};

const SIGHTING = {
  type: 'object',
  properties: {
    kind: { anyOf: [{ type: 'string', enum: ['owl', 'kite'] }, { type: 'null' }] },
    at: { type: 'string', format: 'date-time' },
    count: { type: 'integer', minimum: 1 },
  },
  required: ['kind', 'at', 'count'],
  additionalProperties: false,
};

let workspace: TemporaryProject;

beforeEach(() => {
  workspace = new TemporaryProject({ ...BIRDS, ...REPORT });
  mkdirSync(join(workspace.folder, 'node_modules/@acme'));
  symlinkSync(join(workspace.folder, 'packages/birds'), join(workspace.folder, 'node_modules/@acme/birds'), 'junction');
});

afterEach(() => workspace.remove());

function expectReport({ catalog }: GenerateResult): void {
  const schemaOf = (side: 'input' | 'output', entry: { input: object; output: object | null } | undefined): object =>
    jsonSchemaOfDocument(entry![side] as Parameters<typeof jsonSchemaOfDocument>[0]);
  const report = catalog.workflows.find(({ name }) => name === 'report');
  const print = catalog.agents.find(({ name }) => name === 'print');
  expect(schemaOf('input', report)).toMatchObject({
    properties: { sightings: { type: 'array', items: { $ref: '#/$defs/Sighting' } } },
    $defs: { Sighting: SIGHTING },
  });
  expect(schemaOf('output', report)).toMatchObject({
    properties: { at: { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] }, place: { type: 'string' } },
    $defs: { Sighting: SIGHTING },
  });
  expect(schemaOf('input', print)).toMatchObject({ $defs: { Sighting: SIGHTING } });
  expect(schemaOf('output', print)).toMatchObject({ properties: { place: { type: 'string', minLength: 3 } } });
}

describe('packages of one workspace', () => {
  it('are read together from a tsconfig that only refers to them, before anything is built', async () => {
    workspace.write({
      'tsconfig.json': json({ files: [], references: [{ path: 'packages/birds' }, { path: 'packages/report' }] }),
      'packages/report/tsconfig.json': json({
        ...OPTIONS,
        compilerOptions: BUILT,
        include: ['src'],
        references: [{ path: '../birds' }],
      }),
    });
    const result = await check({ project: workspace.tsconfig });
    expect(result.catalog.agents.map(({ name, source }) => [name, source])).toEqual([
      ['last-seen', 'packages/birds/src/last-seen.agent.ts'],
      ['print', 'packages/report/src/report.workflow.ts'],
    ]);
    expectReport(result);
  });

  it('are read from their sources where one refers to the other, whatever is built', async () => {
    workspace.write({
      'packages/report/tsconfig.json': json({ ...OPTIONS, compilerOptions: BUILT, include: ['src'], references: [{ path: '../birds' }] }),
      'packages/birds/dist/index.d.ts': 'export declare class LastSeen { execute(input: { old: true }): { old: true } }\n',
      'packages/birds/dist/index.js': "throw new Error('out of date');\n",
    });
    const result = await check({ project: join(workspace.folder, 'packages/report/tsconfig.json') });
    expect(result.catalog.agents.map(({ name }) => name)).toEqual(['last-seen', 'print']);
    expectReport(result);
  });

  it('are found by `paths`; the agents of another package are then its own', async () => {
    const paths = { '@acme/*': ['../*/src/index.ts'], '#kinds': ['../birds/src/kinds.ts'] };
    workspace.write({ 'packages/report/tsconfig.json': json({ ...OPTIONS, compilerOptions: { paths }, include: ['src'] }) });
    const result = await check({ project: join(workspace.folder, 'packages/report/tsconfig.json') });
    expect(result.catalog.agents.map(({ name }) => name)).toEqual(['print']);
    expectReport(result);
  });

  it('are refused where a package that nobody refers to is not built', async () => {
    workspace.write({ 'packages/report/tsconfig.json': json({ ...OPTIONS, include: ['src'] }) });
    await expect(check({ project: join(workspace.folder, 'packages/report/tsconfig.json') })).rejects.toThrow(
      /TYPE_UNRESOLVED: `sightings\[\]` in the input of Report has a type that cannot be resolved/,
    );
  });
});
