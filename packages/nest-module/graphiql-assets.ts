import { copyFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** The browser bundles GraphiQL consists of, each with its licence: name in `dist/graphiql`, package, path in the package. */
const assets = [
  ['graphiql.js', 'graphiql', 'graphiql.min.js'],
  ['graphiql.css', 'graphiql', 'graphiql.min.css'],
  ['graphiql.LICENSE', 'graphiql', 'LICENSE'],
  ['react.js', 'react', 'umd/react.production.min.js'],
  ['react-dom.js', 'react-dom', 'umd/react-dom.production.min.js'],
  ['react.LICENSE', 'react', 'LICENSE'],
  ['graphql-ws.js', 'graphql-ws', 'umd/graphql-ws.min.js'],
  ['graphql-ws.LICENSE', 'graphql-ws', 'LICENSE.md'],
] as const;

/** Copies GraphiQL into the build, so that the published package serves it without a network and without depending on React. */
export async function copyGraphiqlAssets(target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const [name, packageName, path] of assets) {
    const packageDir = dirname(require.resolve(`${packageName}/package.json`));
    await copyFile(join(packageDir, path), join(target, name));
  }
}
