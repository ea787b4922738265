import type { TaskloomModuleOptions } from './taskloom.options.js';

/** What `useClass` and `useExisting` of `TaskloomModule.forRootAsync` name. */
export interface TaskloomOptionsFactory {
  createTaskloomOptions(): TaskloomModuleOptions | Promise<TaskloomModuleOptions>;
}
