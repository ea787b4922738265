const onTerminal = Boolean(process.stdout.isTTY);

/**
 * Shows one act as one line with its time. It failed when it throws or answers `{ ok: false }`.
 * @template T
 * @param {string} label what is done, in the present tense
 * @param {() => Promise<T>} act
 * @returns {Promise<T>}
 */
export async function step(label, act) {
  const started = performance.now();
  if (onTerminal) process.stdout.write(`  … ${label}`);
  try {
    const result = await act();
    finish(result?.ok === false ? '✗' : '✓', label, started);
    return result;
  } catch (error) {
    finish('✗', label, started);
    throw error;
  }
}

function finish(mark, label, started) {
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${onTerminal ? '\r' : ''}  ${mark} ${label.padEnd(64)} ${seconds.padStart(6)} s\n`);
}
