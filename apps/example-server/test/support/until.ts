const PATIENCE_MS = 40_000;

/** Looks again and again for what rings no bell, such as the end of a process that is not ours. Fails when it does not come true. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`It did not come true: ${condition.toString()}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
