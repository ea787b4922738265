import { Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { GraphQLSchemaBuilderModule } from '@nestjs/graphql';

import type { FeatureItem, FeatureOptions } from './feature/feature.options.js';
import { TaskloomFeatureModule } from './feature/taskloom-feature.module.js';
import { TaskloomSecrets } from './secrets/taskloom-secrets.js';
import { ApiServer } from './server/api-server.js';
import { PathClashes } from './server/path-clashes.js';
import { TaskloomExplorer } from './taskloom.explorer.js';
import { TaskloomLifecycle } from './taskloom.lifecycle.js';
import { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } from './taskloom.module-definition.js';
import { parseModuleOptions, type ParsedModuleOptions } from './taskloom.options.js';
import { TEST_CONDITIONS } from './testing/test-conditions.js';
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
    { provide: TEST_CONDITIONS, useValue: null },
    { provide: PARSED_OPTIONS, useFactory: parseModuleOptions, inject: [MODULE_OPTIONS_TOKEN, TEST_CONDITIONS, TaskloomExplorer] },
    {
      provide: TASKLOOM_ENGINE,
      useFactory: ({ engine, carrier }: ParsedModuleOptions) => (carrier ? carrier.engineFor(engine) : engine),
      inject: [PARSED_OPTIONS],
    },
    { provide: TaskloomSecrets, useFactory: ({ secrets }: ParsedModuleOptions) => secrets, inject: [PARSED_OPTIONS] },
    TaskloomExplorer,
    PathClashes,
    ApiServer,
    TaskloomLifecycle,
  ],
  exports: [TASKLOOM_ENGINE, TaskloomSecrets, MODULE_OPTIONS_TOKEN],
})
export class TaskloomModule extends ConfigurableModuleClass {
  /**
   * Registers agents and workflows by name, in the module that has them: classes become providers of it and are exported
   * to whoever imports it, definitions need no provider. Decorated classes among the providers of a module are found
   * without it.
   */
  static forFeature(items: readonly FeatureItem[], options: FeatureOptions = {}): DynamicModule {
    return TaskloomFeatureModule.of(items, options);
  }
}
