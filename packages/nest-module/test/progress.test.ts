import { afterEach, describe, expect, it } from '@jest/globals';

import { ask, dataOf } from './support/ask.js';
import { runWelcome } from './support/jobs.js';
import { startApp, stopApps } from './support/start-app.js';

afterEach(stopApps);

const PROGRESS =
  'query ($id: ID!) { job(id: $id) { progress rolledUpProgress { percent weight stories { taskId key name percent weight } } } }';

describe('the progress of a job', () => {
  it('is rolled up story by story, by the weights of the tasks', async () => {
    const { url, engine, gate } = await startApp();
    const { id } = await engine.submitJob({
      name: 'weighed',
      tasks: [
        { key: 'easy', type: 'STORY', name: 'The easy part' },
        { key: 'hard', type: 'STORY' },
        { key: 'a', parent: 'easy', agent: 'greet', input: { name: 'Ada' } },
        { key: 'b', parent: 'hard', agent: 'greet', input: { name: 'Bob' } },
        { key: 'c', parent: 'hard', agent: 'wait', input: {}, weight: 3 },
      ],
    });
    await gate.reached;
    for await (const event of engine.events(id)) if (event.type === 'TASK_COMPLETED' && event.taskKey === 'b') break;
    const { job } = await dataOf<{ job: { rolledUpProgress: object } }>(url, PROGRESS, { id });
    expect(job.rolledUpProgress).toEqual({
      percent: 40,
      weight: 5,
      stories: [
        { taskId: `${id}:1`, key: 'easy', name: 'The easy part', percent: 100, weight: 1 },
        { taskId: `${id}:2`, key: 'hard', name: 'hard', percent: 25, weight: 4 },
      ],
    });
    gate.open();
  });

  it('is charged by the size of the job', async () => {
    const { url, engine } = await startApp({ taskloom: { api: { limits: { nodes: 5 } } } });
    const small = await runWelcome(engine);
    expect((await ask(url, PROGRESS, { id: small })).errors).toEqual([]);
    const tasks = Array.from({ length: 60 }, (_, index) => ({ key: `t${index}`, agent: 'greet', input: { name: 'x' } }));
    const { id, result } = await engine.submitJob({ name: 'large', tasks }).then((handle) => ({ id: handle.id, result: handle.result() }));
    await result;
    expect((await ask(url, PROGRESS, { id })).errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COSTLY' } }]);
  });

  it('tells nothing of stories that are hidden', async () => {
    const { url, engine } = await startApp({
      taskloom: { api: { authorize: { caller: () => true, task: (_caller, task) => task.key !== 'talk' } } },
    });
    const id = await runWelcome(engine);
    const { job } = await dataOf<{ job: { rolledUpProgress: object } }>(url, PROGRESS, { id });
    expect(job.rolledUpProgress).toMatchObject({ percent: 100, stories: [] });
  });
});
