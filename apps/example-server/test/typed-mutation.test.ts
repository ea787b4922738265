import 'reflect-metadata';

import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Engine } from '@taskloom/core';
import { TASKLOOM_ENGINE } from '@taskloom/nest';

import { AppModule } from '../src/app.module.js';
import { WORKFLOW_RESOLVERS } from '../src/generated/graphql/workflows.resolvers.js';
import { ask, refusalOf } from './support/graphql.js';
import { fillSmallRepository } from './support/small-repository.js';
import { readReport, useSharedWorkplace } from './support/workplace.js';

jest.setTimeout(120_000);

const START = `mutation ($input: RepositoryReportInput!) {
  startRepositoryReport(input: $input, idempotencyKey: "once") { id status output { summary } }
}`;
const READ = `query ($id: ID!) { repositoryReportJob(id: $id) { status success progress output { summary risks files { json } } } }`;

interface Started {
  readonly startRepositoryReport: { readonly id: string; readonly status: string; readonly output: null };
}

interface Read {
  readonly repositoryReportJob: {
    readonly status: string;
    readonly success: boolean;
    readonly progress: number;
    readonly output: { readonly summary: string; readonly risks: number; readonly files: { readonly json: string } };
  } | null;
}

describe('the generated resolvers, in the GraphQLModule of an application', () => {
  const place = useSharedWorkplace();
  let app: INestApplication;
  let url: string;
  let root: string;

  beforeAll(async () => {
    ({ root } = fillSmallRepository(place.repository()));
    const withEngine = AppModule.with({ databasePath: place.path('jobs.db'), auditPath: null, shutdownGrace: '0s' });
    const imports = [
      // Beside the module that has the engine.
      { ...withEngine, providers: [...WORKFLOW_RESOLVERS] },
      GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, autoSchemaFile: true, path: '/own/graphql', graphiql: false }),
    ];
    class OwnModule {}
    Module({ imports })(OwnModule);
    app = await NestFactory.create(OwnModule, { logger: false, abortOnError: false });
    await app.listen(0, '127.0.0.1');
    url = `${await app.getUrl()}/own/graphql`;
  });

  afterAll(async () => app.close());

  it('start the workflow through a mutation of its own, with a typed input, and read its typed output', async () => {
    const input = { root, outDir: place.outDir, since: null };
    const { startRepositoryReport: started } = await ask<Started>(url, START, { input });
    expect(started).toMatchObject({ output: null });
    await app.get<Engine>(TASKLOOM_ENGINE).job(started.id).result();
    const { repositoryReportJob: read } = await ask<Read>(url, READ, { id: started.id });
    expect(read).toMatchObject({ status: 'COMPLETED', success: true, progress: 100 });
    expect(read?.output.files.json).toBe(`${place.outDir}/report.json`);
    expect(read?.output.risks).toBe(readReport(place.outDir).risks.length);
    // The key makes a second call the same job.
    expect((await ask<Started>(url, START, { input })).startRepositoryReport.id).toBe(started.id);
  });

  it('refuse an input that does not fit: GraphQL by its type, the engine by its schema', async () => {
    expect((await refusalOf(url, START, { input: { root } }))[0]?.message).toContain('outDir');
    const [refusal] = await refusalOf(url, START, { input: { root: '', outDir: place.outDir } });
    expect(refusal?.extensions.code).toBe('INPUT_SCHEMA');
  });

  it('know nothing of jobs that are not there', async () => {
    expect(await ask<Read>(url, READ, { id: '00000000-0000-7000-8000-000000000000' })).toEqual({ repositoryReportJob: null });
  });
});
