/**
 * The same answer, whose body breaks off when nothing came for `timeoutMs`: a connection that died without a word would
 * otherwise look idle for ever.
 */
export function watchSilence({ body, status, statusText, headers }: Response, timeoutMs: number): Response {
  const reader = body!.getReader();
  const watched = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await withinTime(reader.read(), timeoutMs, () => void reader.cancel().catch(() => {}));
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
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
