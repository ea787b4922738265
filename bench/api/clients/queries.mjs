import { Agent, request } from 'node:http';
import { quantile } from '../../measure/statistics.mjs';

/**
 * Asks the same thing over so many kept connections for so long.
 *
 * @returns {Promise<{ perSecond: number, p50Ms: number, p99Ms: number, bytes: number }>}
 * @throws Error when an answer has errors
 */
export async function measureQueries({ url, query, variables, connections, seconds }) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const body = JSON.stringify({ query, variables });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const times = [];
  let bytes = 0;
  const once = () =>
    new Promise((resolve, reject) => {
      const sent = request(url, { method: 'POST', agent, headers }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks);
          bytes = text.length;
          if (response.statusCode === 200 && !text.includes('"errors"')) resolve();
          else reject(new Error(`${response.statusCode}: ${text.toString().slice(0, 300)}`));
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  const until = async (end, isCounted) => {
    while (performance.now() < end) {
      const startedAt = performance.now();
      await once();
      if (isCounted) times.push(performance.now() - startedAt);
    }
  };
  const all = (end, isCounted) => Promise.all(Array.from({ length: connections }, () => until(end, isCounted)));
  // V8 has to learn the server's code first.
  await all(performance.now() + 1_500, false);
  const startedAt = performance.now();
  await all(startedAt + seconds * 1_000, true);
  const took = (performance.now() - startedAt) / 1_000;
  agent.destroy();
  const sorted = Float64Array.from(times).sort();
  return { perSecond: sorted.length / took, p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99), bytes };
}
