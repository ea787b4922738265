// Loaded before a program that is measured: says at its end what it took.
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  const { maxRSS } = process.resourceUsage();
  process.stderr.write(`PROBE ${JSON.stringify({ cpuMs: (user + system) / 1_000, rssBytes: maxRSS * 1_024 })}\n`);
});
