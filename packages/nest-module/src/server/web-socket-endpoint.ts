import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';

import type { LoggerService } from '@nestjs/common';
import { CloseCode, handleProtocols, type Server } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';

import { tenantOf } from '../access/api-caller.js';
import type { AccessControl } from '../access/access-control.js';
import { watchCaller } from '../access/watch-caller.js';
import { ApiError } from '../errors/api-error.js';
import type { ErrorPresenter } from '../graphql/graphql-errors.js';
import type { ApiLimits } from '../limits/api-limits.js';
import type { ClientLimits } from '../limits/client-limits.js';
import { CLOSE_CODES, closeReason, REASON_BYTES } from './close-codes.js';
import { notFound } from './http-answer.js';
import type { Redactor } from '../secrets/redactor.js';
import type { SocketFacts } from './operation-server.js';
import { ResumePoints } from './resume-points.js';
import { limitMessages } from './limit-messages.js';
import { keepAlive } from './socket-keepalive.js';
import { SocketOutlet } from './socket-outlet.js';

export interface WebSocketEndpointParts {
  readonly path: string;
  readonly operations: Server<SocketFacts>;
  readonly access: AccessControl;
  readonly clients: ClientLimits;
  readonly limits: ApiLimits;
  readonly presenter: ErrorPresenter;
  readonly redactor: Redactor;
  readonly logger: LoggerService;
}

/** Longest time a closing WebSocket is waited for. */
const CLOSING_MS = 1_000;

/** The API over WebSockets (graphql-transport-ws only), beside whatever else the HTTP server upgrades. */
export class WebSocketEndpoint {
  private readonly server: WebSocketServer;

  constructor(private readonly parts: WebSocketEndpointParts) {
    this.server = new WebSocketServer({ noServer: true, maxPayload: parts.limits.bodyBytes, handleProtocols, perMessageDeflate: false });
  }

  /** Takes upgrades to the endpoint's path and leaves every other to its own listener; one that nobody else would answer is refused. */
  serve(server: HttpServer): void {
    server.on('upgrade', (request, socket, head) => {
      if (request.url?.split('?', 1)[0] === this.parts.path) this.upgrade(request, socket, head);
      else if (server.listenerCount('upgrade') === 1) refuse(socket, 404, String(notFound(request).body));
    });
  }

  /** Tells every client to come back later, and waits for them to leave. */
  async close(): Promise<void> {
    const open = [...this.server.clients];
    const closed = open.map((socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())));
    for (const socket of open) socket.close(CLOSE_CODES.goingAway, 'the server is stopping');
    const late = setTimeout(() => {
      for (const socket of open) socket.terminate();
    }, CLOSING_MS);
    await Promise.all(closed);
    clearTimeout(late);
    this.server.close();
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    try {
      this.parts.access.checkUpgrade(request);
      this.checkRoom();
    } catch (error) {
      return refuse(
        socket,
        error instanceof ApiError ? error.status : 500,
        this.parts.redactor.text(JSON.stringify({ errors: [this.parts.presenter.present(error)] })),
      );
    }
    this.server.handleUpgrade(request, socket, head, (webSocket) => this.open(webSocket, socket, request));
  }

  private checkRoom(): void {
    const { sockets } = this.parts.limits;
    if (this.server.clients.size >= sockets)
      throw new ApiError('SUBSCRIPTION_LIMIT', `${sockets} WebSockets are open already (\`api.limits.sockets\`).`, {
        limit: sockets,
        setting: 'api.limits.sockets',
      });
  }

  private open(socket: WebSocket, stream: Duplex, request: IncomingMessage): void {
    const { operations, clients, limits, logger, redactor } = this.parts;
    const resumePoints = new ResumePoints();
    const outlet = new SocketOutlet(socket, stream, limits, () => giveUp(socket, resumePoints));
    const closed = operations.opened(
      {
        protocol: socket.protocol,
        send: async (made) => void (await outlet.send(redactor.text(made))),
        close: (code, reason) => socket.close(code, reason === undefined ? undefined : closeReason(reason)),
        onMessage: (take) =>
          socket.on('message', (data: Buffer) => {
            take(data.toString('utf8')).catch((error: unknown) => {
              if (isOfServer(error)) return socket.close(CloseCode.BadRequest, 'Invalid message received');
              logger.error(`A message on a WebSocket failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
              socket.close(CLOSE_CODES.internal, 'Internal server error');
            });
          }),
      },
      {
        request,
        push: (operationId, { text, seq }) => {
          const isSent = outlet.send(`${redactor.text(`{"id":${JSON.stringify(operationId)},"type":"next","payload":`)}${text}}`);
          if (isSent !== true) return whenSent(isSent, () => resumePoints.note(operationId, seq));
          resumePoints.note(operationId, seq);
          return true;
        },
        ended: (operationId) => resumePoints.forget(operationId),
        refuse: (code) => socket.close(CLOSE_CODES.tooMany, code),
        admitted: (caller, recheck) => {
          socket.once('close', clients.takeSocket(tenantOf(caller)));
          const onRefused = (why: string) => socket.close(CLOSE_CODES.forbidden, why);
          socket.once('close', watchCaller({ caller, recheck, recheckMs: limits.recheckMs, onRefused }));
        },
      },
    );
    keepAlive(socket);
    limitMessages(socket, limits.messagesPerSecond, () => socket.close(CLOSE_CODES.tooMany, 'RATE_LIMITED'));
    // A broken frame or connection; `close` follows.
    socket.on('error', (error) => logger.debug?.(`A WebSocket broke: ${error.message}`));
    socket.once('close', (code, reason) => {
      closed(code, reason.toString()).catch((error: unknown) => logger.error(`Closing a WebSocket failed: ${String(error)}`));
    });
  }
}

/** Whether graphql-ws was sent what only a server sends, which it throws at whoever hands it the message. */
function isOfServer(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Unexpected message of type');
}

async function whenSent(isSent: Promise<boolean>, act: () => void): Promise<boolean> {
  if (!(await isSent)) return false;
  act();
  return true;
}

const SLOW_READER = 'SLOW_READER: ';

/** The reader has stopped: what already waits for it may still reach it within `ws`'s 30 s, nothing more will come. */
function giveUp(socket: WebSocket, resumePoints: ResumePoints): void {
  socket.close(CLOSE_CODES.slowReader, `${SLOW_READER}${resumePoints.describe(REASON_BYTES - SLOW_READER.length)}`);
}

function refuse(socket: Duplex, status: number, body: string): void {
  const lines = [
    `HTTP/1.1 ${status} Refused`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.on('error', () => {});
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}
