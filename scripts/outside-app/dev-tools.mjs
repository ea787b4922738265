const END = '\0';

/**
 * The DevTools protocol over the pipes 3 and 4 of a browser: messages of JSON, each ended by a zero byte.
 * @param {import('node:child_process').ChildProcess} child started with `--remote-debugging-pipe`
 */
export function devToolsOf(child) {
  const [, , , toBrowser, fromBrowser] = child.stdio;
  const answers = new Map();
  const listeners = new Map();
  let lastId = 0;
  let rest = '';
  fromBrowser.setEncoding('utf8').on('data', (chunk) => {
    const messages = (rest + chunk).split(END);
    rest = messages.pop();
    messages.forEach((message) => receive(JSON.parse(message)));
  });
  // Told by the end of the process.
  toBrowser.on('error', () => {});

  function receive({ id, result, error, method, params }) {
    if (id === undefined) return listeners.get(method)?.forEach((listener) => listener(params));
    const { resolve, reject } = answers.get(id);
    answers.delete(id);
    if (error) reject(new Error(`The browser refused: ${error.message}`));
    else resolve(result);
  }

  function send(method, params = {}, sessionId) {
    const id = ++lastId;
    return new Promise((resolve, reject) => {
      answers.set(id, { resolve, reject });
      toBrowser.write(JSON.stringify({ id, method, params, sessionId }) + END);
    });
  }

  return {
    /** A new page of its own. */
    async openPage() {
      const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
      const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
      return {
        send: (method, params) => send(method, params, sessionId),
        on: (method, listener) => listeners.set(method, [...(listeners.get(method) ?? []), listener]),
      };
    },
  };
}
