// An application with one remote agent, as users have it installed: an engine on a file, a callback endpoint at a fixed port.
import { createServer } from 'node:http';
import { createEngine } from '@taskloom/core';
import { remoteAgent, remoteCallbacks } from '@taskloom/remote';
import { z } from 'zod';

const { database, agentUrl, callbackPort, secret } = JSON.parse(process.argv[2]);
const callbacks = remoteCallbacks({ url: `http://127.0.0.1:${callbackPort}/callbacks`, allowHttp: true });
const server = createServer((request, response) => void callbacks.node(request, response));
await new Promise((resolve) => server.listen(callbackPort, '127.0.0.1', resolve));

const engine = createEngine({ store: { path: database } });
engine.register(
  remoteAgent({
    name: 'remote',
    url: agentUrl,
    secret,
    input: z.any(),
    output: z.object({ echo: z.string() }),
    callbacks,
    allowHttp: true,
    allowPrivateNetwork: true,
    allowedPorts: [Number(new URL(agentUrl).port)],
  }),
);
const { jobs } = await engine.start();
const job =
  jobs.length > 0
    ? engine.job(jobs[0].id)
    : await engine.submitJob({ name: 'one', tasks: [{ key: 'call', agent: 'remote', input: { a: 1 } }] });
const view = await job.result().then(() => job.status());
const { items } = await engine.reader.tasks({ jobId: job.id }, { first: 10 });
const task = items.find(({ key }) => key === 'call');
const [output] = await engine.reader.taskOutputs([task], 1_000);
process.send({ ended: { status: view.status, output: output.value, attempts: task.attempt, restarted: jobs.length > 0 } });
