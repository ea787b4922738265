// A remote agent as one would write it from docs/guides/remote-agents.md alone, without the package; each path misbehaves in its own way.
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createServer, request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';

const secret = process.env.AGENT_SECRET;
const json = { 'content-type': 'application/json' };
const MEBIBYTE = 1_048_576;
let calls = 0;

function sign(kind, path, body, from, over = {}) {
  const head = {
    'taskloom-message': kind,
    'taskloom-agent': from['taskloom-agent'],
    'taskloom-job': from['taskloom-job'],
    'taskloom-task': from['taskloom-task'],
    'taskloom-fence': from['taskloom-fence'],
    'idempotency-key': from['idempotency-key'],
    'taskloom-timestamp': String(Math.floor(Date.now() / 1000)),
    'taskloom-nonce': randomBytes(16).toString('base64url'),
    ...over,
  };
  const text = [
    'taskloom-remote-1',
    kind,
    'POST',
    path,
    createHash('sha256').update(body).digest('hex'),
    ...['timestamp', 'nonce', 'agent', 'job', 'task', 'fence'].map((part) => head[`taskloom-${part}`]),
    head['idempotency-key'],
  ].join('\n');
  return { ...head, 'taskloom-protocol': '1', 'taskloom-signature': `v1=${createHmac('sha256', secret).update(text).digest('hex')}` };
}

function callBack(url, value, from) {
  const body = JSON.stringify(value);
  const { pathname } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: 'POST', headers: { ...json, ...sign('answer', pathname, body, from) } }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    });
    request.on('error', reject);
    request.end(body);
  });
}

const behaviours = {
  '/echo': (call, response) => response.writeHead(200, json).end(JSON.stringify({ output: { echo: call.body.input } })),
  '/silent': () => undefined,
  '/slow-headers': (_call, response) => response.socket.write('HTTP/1.1 200 OK\r\ncontent-type: appli'),
  '/drip': (_call, response) => {
    response.writeHead(200, json);
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
  },
  '/endless': (_call, response) => {
    response.writeHead(200, json);
    const chunk = Buffer.alloc(65_536, 0x20);
    let sent = 0;
    const pump = () => {
      while (!response.destroyed && response.write(chunk)) sent += chunk.length;
    };
    response.on('drain', pump);
    response.on('close', () => process.send({ closedAfter: sent }));
    pump();
  },
  '/endless-503': (_call, response) => {
    response.writeHead(503);
    const pump = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536, 0x20)));
    };
    response.on('drain', pump);
    pump();
  },
  '/broken-503': (_call, response) => {
    response.writeHead(503, { 'content-length': '1000' });
    response.write('{', () => response.destroy());
  },
  '/declares-10-gib': (_call, response) => response.writeHead(200, { ...json, 'content-length': String(10 * 1_024 * MEBIBYTE) }).write('{'),
  '/gzip-bomb': (_call, response) =>
    response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(64 * MEBIBYTE, 0x20))),
  '/gzip': (_call, response) =>
    response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync(JSON.stringify({ output: { echo: 'packed' } }))),
  '/gzip-broken': (_call, response) =>
    response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync(JSON.stringify({ output: 1 })).subarray(0, 15)),
  '/brotli': (_call, response) => response.writeHead(200, { ...json, 'content-encoding': 'br' }).end('x'),
  '/length-too-short': (_call, response) =>
    response.socket.end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 5\r\n\r\n{"output":{"echo":1}}'),
  '/length-too-long': (_call, response) =>
    response.socket.end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"output":{"echo":1}}'),
  '/not-http': (_call, response) => response.socket.end('220 mail.example.org ESMTP ready\r\n'),
  '/huge-header': (_call, response) => response.socket.end(`HTTP/1.1 200 OK\r\nx-big: ${'x'.repeat(MEBIBYTE)}\r\n\r\n`),
  '/html': (_call, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>'),
  '/html-as-json': (_call, response) => response.writeHead(200, json).end('<h1>Welcome</h1>'),
  '/not-utf8': (_call, response) => response.writeHead(200, json).end(Buffer.from([0x22, 0xff, 0xfe, 0x22])),
  '/list': (_call, response) => response.writeHead(200, json).end('[]'),
  '/neither': (_call, response) => response.writeHead(200, json).end('{"result":1}'),
  '/both': (_call, response) => response.writeHead(200, json).end('{"output":1,"error":{"message":"x"}}'),
  '/wrong-output': (_call, response) => response.writeHead(200, json).end('{"output":{"unexpected":true}}'),
  '/failed': (_call, response) => response.writeHead(200, json).end('{"error":{"message":"out of paper"}}'),
  '/failed-for-good': (_call, response) => response.writeHead(200, json).end('{"error":{"message":"no such thing","retryable":false}}'),
  '/failed-for-now': (_call, response) => response.writeHead(200, json).end('{"error":{"message":"busy","retryAfterSeconds":7}}'),
  '/redirect': (_call, response) => response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end(),
  '/redirect-to-self': (call, response) => response.writeHead(307, { location: '/echo' }).end(),
  '/dies': () => process.exit(1),
  '/dies-halfway': (_call, response) => {
    response.writeHead(200, json);
    response.write('{"output":{"echo":', () => process.exit(1));
  },
  '/once-503': (_call, response) => {
    calls += 1;
    if (calls === 1) response.writeHead(503, { 'retry-after': '0' }).end();
    else response.writeHead(200, json).end('{"output":{"echo":"second time"}}');
  },
  '/accepts': (call, response) => {
    response.writeHead(202).end();
    process.send({ accepted: call });
  },
  '/calls-back-twice': async (call, response) => {
    response.writeHead(202).end();
    const first = await callBack(call.body.callback, { output: { echo: 'first' } }, call.headers);
    const second = await callBack(call.body.callback, { output: { echo: 'second' } }, call.headers);
    process.send({ replies: [first, second] });
  },
  '/calls-back-before-202': async (call, response) => {
    const reply = await callBack(call.body.callback, { output: { echo: 'early' } }, call.headers);
    process.send({ replies: [reply] });
    response.writeHead(202).end();
  },
};

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const call = { path: request.url, headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) };
    process.send({ received: call });
    const path = request.url.split('?')[0];
    const status = /^\/status\/(\d+)$/.exec(path);
    if (request.headers['taskloom-message'] === 'cancel') response.writeHead(200, json).end('{}');
    else if (status) {
      const retryAfter = new URL(request.url, 'http://x').searchParams.get('retry-after');
      response
        .writeHead(Number(status[1]), { 'content-type': 'text/plain', ...(retryAfter ? { 'retry-after': retryAfter } : {}) })
        .end('Error: boom\n    at secretPlace (/srv/app/db.js:1:1)');
    } else void (behaviours[path] ?? ((_call, reply) => reply.writeHead(404).end()))(call, response);
  });
});
// What the test asks for: an answer to an earlier call, or a sign that everything before was told.
process.on('message', ({ ping, callBack: url, value, from }) => {
  if (ping) process.send({ pong: true });
  else void callBack(url, value, from).then((status) => process.send({ replies: [status] }));
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
