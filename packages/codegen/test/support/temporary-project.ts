import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { CASES } from './case-folders.js';

const PACKAGES = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** A project on disk that a test may write to. It finds the packages that this one finds. */
export class TemporaryProject {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'taskloom-codegen-test-')));
  readonly tsconfig = join(this.folder, 'tsconfig.json');
  readonly outDir = join(this.folder, 'src/generated');

  constructor(files: { readonly [path: string]: string }) {
    // Each by itself: what tools keep in node_modules must not land in this package.
    mkdirSync(join(this.folder, 'node_modules'));
    for (const name of readdirSync(PACKAGES).filter((item) => !item.startsWith('.')))
      symlinkSync(join(PACKAGES, name), join(this.folder, 'node_modules', name));
    this.write({
      'package.json': '{ "type": "module" }',
      'tsconfig.json': JSON.stringify({ extends: join(CASES, 'tsconfig.base.json'), include: ['src'] }),
      ...files,
    });
  }

  write(files: { readonly [path: string]: string }): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), text);
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The source of an agent without schemas. */
export function plainAgent(name: string, members = 'text: string'): string {
  const className = name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  return [
    "import { TaskAgent } from '@taskloom/decorators';",
    `@TaskAgent({ name: '${name}' })`,
    `export class ${className} {`,
    `  execute(input: { ${members} }) {`,
    '    return { input };',
    '  }',
    '}',
    '',
  ].join('\n');
}
