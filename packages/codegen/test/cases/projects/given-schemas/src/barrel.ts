export { Workflow as Plan } from '@taskloom/decorators';
export * as taskloom from '@taskloom/decorators';
