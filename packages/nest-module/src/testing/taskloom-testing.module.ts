import { Module, type DynamicModule } from '@nestjs/common';

import { TaskloomModule } from '../taskloom.module.js';
import { TEST_CONDITIONS } from './test-conditions.js';
import { TaskloomTestKit, type TaskloomTestOptions } from './taskloom-test-kit.js';

/**
 * In the place of `TaskloomModule.forRoot` where a test puts feature modules together itself:
 *
 *     Test.createTestingModule({ imports: [TaskloomTestingModule.forRoot({ agents: { 'send-mail': { returns: { id: '1' } } } }), MailModule] })
 *
 * `app.get(TaskloomTestKit)` then has the clock, the calls and the engine. For a whole application see {@link TaskloomTestKit.override}.
 */
@Module({})
export class TaskloomTestingModule {
  static forRoot(options: TaskloomTestOptions | TaskloomTestKit = {}): DynamicModule {
    const kit = options instanceof TaskloomTestKit ? options : new TaskloomTestKit(options);
    return {
      module: TaskloomTestingModule,
      global: true,
      imports: [underConditions(kit)],
      providers: [{ provide: TaskloomTestKit, useValue: kit }],
      exports: [TaskloomTestKit, TaskloomModule],
    };
  }
}

function underConditions(kit: TaskloomTestKit): DynamicModule {
  const root = TaskloomModule.forRoot({});
  return { ...root, providers: [...(root.providers ?? []), { provide: TEST_CONDITIONS, useValue: kit.conditions }] };
}
