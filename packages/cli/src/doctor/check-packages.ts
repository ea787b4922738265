import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { failure, ok, type CheckResult } from './check.js';

interface PackageManifest {
  readonly version: string;
}

/** Whether what an application needs can be found from its folder, in a version that fits. */
export function checkPackages(folder: string): CheckResult {
  const missing = ['@taskloom/core', '@taskloom/decorators', 'reflect-metadata'].filter((name) => versionOf(name, folder) === null);
  if (missing.length > 0)
    return failure(`${missing.join(', ')} cannot be found.`, `Install what is missing: npm install ${missing.join(' ')}`);
  const nest = versionOf('@nestjs/common', folder);
  if (nest === null) return failure('@nestjs/common cannot be found.', 'Install it: npm install @nestjs/common@^12');
  if (Number.parseInt(nest, 10) < 12) return failure(`@nestjs/common ${nest} is too old.`, 'Move to NestJS 12.');
  return ok(`@taskloom/core ${versionOf('@taskloom/core', folder)!}, @nestjs/common ${nest}`);
}

/** From the package's folder: not every package lets its package.json be imported. */
function versionOf(name: string, folder: string): string | null {
  const folders = createRequire(join(folder, 'package.json')).resolve.paths(name) ?? [];
  const path = folders.map((one) => join(one, name, 'package.json')).find((one) => existsSync(one));
  return path === undefined ? null : (JSON.parse(readFileSync(path, 'utf8')) as PackageManifest).version;
}
