/**
 * The same answer, whose body breaks off when nothing came for `timeoutMs`: a connection that died without a word would
 * otherwise look idle for ever. When `signal` aborts the connection is closed.
 */
export function watchSilence({ body, status, statusText, headers }: Response, timeoutMs: number, signal: AbortSignal): Response {
  const reader = body!.getReader();
  const leave = (): void => void reader.cancel().catch(() => {});
  // Not left to `fetch`: Node.js forgets the signal of a request that has been collected as garbage (https://github.com/nodejs/undici/issues/3644).
  signal.addEventListener('abort', leave, { once: true });
  const watched = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await withinTime(reader.read(), timeoutMs, leave);
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: leave,
  });
  return new Response(watched, { status, statusText, headers });
}

async function withinTime<T>(work: Promise<T>, timeoutMs: number, onLate: () => void): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`nothing came for ${timeoutMs} ms`));
      onLate();
    }, timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
