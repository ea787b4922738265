import { TaskAgent } from '@taskloom/decorators';

@TaskAgent({ name: 'takes-one', batch: { maxSize: 2, maxWait: 0 } } as { name: string })
export class TakesOne {
  async executeBatch(input: { path: string }) {
    return Promise.allSettled([input.path]);
  }

  execute() {}
}

@TaskAgent({ name: 'gives-values', batch: { maxSize: 2, maxWait: 0 } } as { name: string })
export class GivesValues {
  async executeBatch(inputs: readonly { path: string }[]) {
    return inputs.map(({ path }) => path);
  }

  execute() {}
}

@TaskAgent({ name: 'has-execute', batch: { maxSize: 2, maxWait: 0 } } as { name: string })
export class HasExecute {
  execute() {}
}
