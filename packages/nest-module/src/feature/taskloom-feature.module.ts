import { Module, type DynamicModule, type OnModuleInit, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { ConfigError } from '@taskloom/core';
import { isAgentClass, isWorkflowClass } from '@taskloom/decorators';

import { isDefinition, nameOfItem } from '../explorer/is-definition.js';
import { mergeManifests } from '../merge-manifests.js';
import { TASKLOOM_ENGINE } from '../tokens.js';
import { FeatureDefinitions } from './feature-definitions.js';
import type { FeatureItem, FeatureOptions } from './feature.options.js';

/** One feature's agents and workflows; made by `TaskloomModule.forFeature`. */
@Module({})
export class TaskloomFeatureModule implements OnModuleInit {
  constructor(private readonly moduleRef: ModuleRef) {}

  static of(items: readonly FeatureItem[], { imports = [], manifest }: FeatureOptions): DynamicModule {
    const classes = items.filter((item) => isAgentClass(item) || isWorkflowClass(item));
    const definitions = items.filter(isDefinition);
    const problems = items.filter((item) => !isDefinition(item) && !classes.includes(item as never)).map(problemWith);
    const own = new FeatureDefinitions(definitions, mergeManifests(manifest), problems);
    return {
      module: TaskloomFeatureModule,
      imports,
      providers: [...(classes as Type[]), { provide: FeatureDefinitions, useValue: own }],
      exports: classes as Type[],
    };
  }

  /** @throws ConfigError where nothing would run what this module brings */
  onModuleInit(): void {
    try {
      this.moduleRef.get(TASKLOOM_ENGINE, { strict: false });
    } catch {
      throw new ConfigError([
        '`TaskloomModule.forFeature` is used without `TaskloomModule.forRoot`; import that once, in the root module.',
      ]);
    }
  }
}

function problemWith(item: FeatureItem | undefined): string {
  if (item === undefined)
    return '`TaskloomModule.forFeature` lists something that is undefined. Look for two files that import each other.';
  return `\`TaskloomModule.forFeature\` lists ${nameOfItem(item)}, which is no agent and no workflow. Decorate it with @TaskAgent or @Workflow, or list what defineAgent or defineWorkflow made.`;
}
