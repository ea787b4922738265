import { ConfigurableModuleBuilder } from '@nestjs/common';

import type { TaskloomModuleOptions } from './taskloom.options.js';

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<TaskloomModuleOptions>({
    moduleName: 'Taskloom',
  })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createTaskloomOptions')
    .setExtras({ isGlobal: false }, (definition, { isGlobal }) => ({ ...definition, global: isGlobal }))
    .build();
