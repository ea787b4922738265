import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';

import type { HttpAnswer } from '../http-answer.js';
import { bootScript, pageAt, stylesheet } from './graphiql-page.js';

const SCRIPT = 'text/javascript; charset=utf-8';
const STYLE = 'text/css; charset=utf-8';

/** The bundles that the build copies from npm packages into `dist/graphiql`. */
const BUNDLES = {
  'graphiql.js': SCRIPT,
  'graphiql.css': STYLE,
  'react.js': SCRIPT,
  'react-dom.js': SCRIPT,
  'graphql-ws.js': SCRIPT,
} as const;

/** Everything the page may load comes from here. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss:; img-src 'self' data:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The GraphiQL page and its files, held in memory; nothing is loaded from another place. */
export class GraphiqlFiles {
  private constructor(
    private readonly path: string,
    private readonly files: ReadonlyMap<string, HttpAnswer>,
    private readonly page: HttpAnswer,
  ) {}

  static async load(path: string): Promise<GraphiqlFiles> {
    const directory = await bundleDirectory();
    const files = new Map<string, HttpAnswer>();
    for (const [name, type] of Object.entries(BUNDLES))
      files.set(`${path}/graphiql/${name}`, file(type, await readFile(new URL(name, directory))));
    files.set(`${path}/graphiql/boot.js`, file(SCRIPT, bootScript(path)));
    files.set(`${path}/graphiql/page.css`, file(STYLE, stylesheet));
    return new GraphiqlFiles(path, files, {
      status: 200,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy': CONTENT_SECURITY_POLICY,
      },
      body: pageAt(path),
    });
  }

  /** The page for a browser that opens the endpoint, a file for the page; `null` for everything else. */
  answer(request: IncomingMessage, pathname: string): HttpAnswer | null {
    if (request.method !== 'GET') return null;
    const found = this.files.get(pathname);
    if (found) return found;
    return pathname === this.path && request.headers.accept?.includes('text/html') ? this.page : null;
  }
}

function file(type: string, body: string | Buffer): HttpAnswer {
  return { status: 200, headers: { 'content-type': type, 'cache-control': 'private, max-age=3600' }, body };
}

/** Beside the built module; for the sources (tests), in the package's build. */
async function bundleDirectory(): Promise<URL> {
  const beside = new URL('./graphiql/', import.meta.url);
  try {
    await readFile(new URL('graphiql.css', beside));
    return beside;
  } catch {
    return new URL('../../../dist/graphiql/', import.meta.url);
  }
}
