import { Logger, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { GraphQLSchemaBuilderModule } from '@nestjs/graphql';
import { createEngine } from '@taskloom/core';

import { NestEngineLogger } from './nest-logger.js';
import { ApiServer } from './server/api-server.js';
import { PathClashes } from './server/path-clashes.js';
import { TaskloomExplorer } from './taskloom.explorer.js';
import { TaskloomLifecycle } from './taskloom.lifecycle.js';
import { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } from './taskloom.module-definition.js';
import { parseModuleOptions, type ParsedModuleOptions } from './taskloom.options.js';
import { PARSED_OPTIONS, TASKLOOM_ENGINE } from './tokens.js';

/**
 * Runs the decorated agents and workflows of an application on a durable engine and serves its GraphQL API.
 *
 * `TaskloomModule.forRoot({ store: { path: 'data/taskloom.db' } })` once, in the root module. Agents and workflows are
 * ordinary providers of any module.
 */
@Module({
  imports: [DiscoveryModule, GraphQLSchemaBuilderModule],
  providers: [
    { provide: PARSED_OPTIONS, useFactory: parseModuleOptions, inject: [MODULE_OPTIONS_TOKEN] },
    {
      provide: TASKLOOM_ENGINE,
      useFactory: ({ engine }: ParsedModuleOptions) => createEngine({ logger: new NestEngineLogger(new Logger('Taskloom')), ...engine }),
      inject: [PARSED_OPTIONS],
    },
    TaskloomExplorer,
    PathClashes,
    ApiServer,
    TaskloomLifecycle,
  ],
  exports: [TASKLOOM_ENGINE, MODULE_OPTIONS_TOKEN],
})
export class TaskloomModule extends ConfigurableModuleClass {}
