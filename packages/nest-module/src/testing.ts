export { TaskloomTestKit, type TaskloomTestOptions, type TestRun } from './testing/taskloom-test-kit.js';
export { TaskloomTestingModule } from './testing/taskloom-testing.module.js';
