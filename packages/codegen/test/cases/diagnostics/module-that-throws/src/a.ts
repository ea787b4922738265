import { TaskAgent, Workflow } from '@taskloom/decorators';
import { z } from 'zod';

import { connect } from './database.js';

const connection = connect();

@TaskAgent({ name: 'a', input: z.object({}), output: z.object({}) })
export class A {
  execute() {
    return connection;
  }
}
