import type { WebSocket } from 'ws';

const INTERVAL_MS = 12_000;

/** Asks the other side for a sign of life and drops the connection when none comes until the next time. */
export function keepAlive(socket: WebSocket): void {
  let isAlive = true;
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, INTERVAL_MS);
  timer.unref();
  socket.on('pong', () => {
    isAlive = true;
  });
  socket.once('close', () => clearInterval(timer));
}
