// Loaded before every process that is measured: says at its end what it took, as a line of the file PROBE_FILE.
import { appendFileSync } from 'node:fs';

process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  const { maxRSS } = process.resourceUsage();
  appendFileSync(process.env.PROBE_FILE, `${JSON.stringify({ cpuMs: (user + system) / 1_000, rssBytes: maxRSS * 1_024 })}\n`);
});
