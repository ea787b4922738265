// Calls a remote agent once, as an application in a hostile environment would; prints the output, or the code of the error.
import { remoteAgent } from '@taskloom/remote';
import { z } from 'zod';

const { url, secret, address } = JSON.parse(process.argv[2]);
const agent = remoteAgent({
  name: 'remote',
  url,
  secret,
  input: z.any(),
  output: z.any(),
  allowHttp: true,
  allowPrivateNetwork: true,
  allowedPorts: [Number(new URL(url).port)],
  resolve: async () => [{ address, family: 4 }],
});
const ctx = {
  job: { id: 'job-1' },
  task: { id: 'job-1:1' },
  attempt: { number: 1 },
  idempotencyKey: 'job-1:1:0',
  signal: new AbortController().signal,
};
const result = await agent.execute({}, ctx).then(
  (output) => ({ output }),
  ({ code, message }) => ({ code, message }),
);
process.stdout.write(JSON.stringify(result));
