import type { WebSocket } from 'ws';

const SECOND_MS = 1_000;

/** Counts what comes in over a WebSocket, pings included; `onTooMany` is called once when a second brings more than it may. */
export function limitMessages(socket: WebSocket, perSecond: number, onTooMany: () => void): void {
  let count = 0;
  let secondEndsAt = 0;
  const take = (): void => {
    const now = performance.now();
    if (now >= secondEndsAt) {
      count = 0;
      secondEndsAt = now + SECOND_MS;
    }
    count += 1;
    if (count === perSecond + 1) {
      stop();
      onTooMany();
    }
  };
  const stop = (): void => {
    socket.off('message', take);
    socket.off('ping', take);
  };
  socket.on('message', take);
  socket.on('ping', take);
}
