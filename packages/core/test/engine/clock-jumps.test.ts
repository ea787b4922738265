import { describe, expect, it } from '@jest/globals';

import { agent, echo } from '../helpers/agents.js';
import { ended, eventsOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();
const HOUR = 3_600_000;

describe('a clock that is set back while a job runs', () => {
  it('makes no duration negative and no event older than the one before', async () => {
    const clock = new VirtualClock();
    const setBack = agent('set-back', () => {
      clock.jump(-HOUR);
      return 1;
    });
    const engine = await lab.start([setBack, echo], { clock });
    const job = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'set-back', input: {} },
        { key: 'b', agent: 'echo', input: {}, dependsOn: ['a'] },
      ],
    });
    await ended(engine, job.id);

    const times = (await eventsOf(engine, job.id)).map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const { items } = await engine.reader.tasks({ jobId: job.id }, { first: 10 });
    for (const { startedAt, finishedAt } of items) expect(finishedAt! - startedAt!).toBeGreaterThanOrEqual(0);
    const { createdAt, finishedAt } = await job.status();
    expect(finishedAt! - createdAt).toBeGreaterThanOrEqual(0);
  });
});
