export { exampleTask } from './testing/example-task.js';
export { TestTerminal } from './testing/test-terminal.js';
