import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { CliError } from '../terminal/cli-error.js';

/** The parts of package.json that matter here; whatever else is in it stays. */
export interface ProjectManifest {
  readonly type?: string;
  readonly scripts?: { readonly [name: string]: string };
  readonly dependencies?: { readonly [name: string]: string };
  readonly devDependencies?: { readonly [name: string]: string };
}

/** @throws CliError `PROJECT_UNFIT` where Taskloom cannot be added */
export function readProjectManifest(folder: string): ProjectManifest {
  const path = join(folder, 'package.json');
  if (!existsSync(path))
    throw unfit(`There is no package.json in ${folder}.`, 'Run it in the folder of a NestJS application (npx @nestjs/cli new makes one).');
  const manifest = parsed(readFileSync(path, 'utf8'));
  const nest = manifest.dependencies?.['@nestjs/common'];
  if (nest === undefined) throw unfit('package.json does not depend on @nestjs/common.', 'Run it in the folder of a NestJS application.');
  const major = /\d+/.exec(nest)?.[0];
  if (major !== undefined && Number(major) < 12 && !nest.includes(':'))
    throw unfit(`The application uses @nestjs/common ${nest}.`, 'Move to NestJS 12 first.');
  if (manifest.type !== 'module')
    throw unfit('The application is not an ES module.', 'Set "type": "module" in package.json, as NestJS 12 does for new applications.');
  return manifest;
}

/** Adds a script unless there is one of that name; the rest of the file keeps its form. */
export function addScripts(folder: string, scripts: { readonly [name: string]: string }): string[] {
  const path = join(folder, 'package.json');
  const text = readFileSync(path, 'utf8');
  const manifest = JSON.parse(text) as ProjectManifest;
  const added = Object.keys(scripts).filter((name) => manifest.scripts?.[name] === undefined);
  if (added.length === 0) return [];
  const wanted = { ...manifest, scripts: { ...manifest.scripts, ...Object.fromEntries(added.map((name) => [name, scripts[name]])) } };
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';
  writeFileSync(path, `${JSON.stringify(wanted, null, indent)}\n`);
  return added;
}

function parsed(text: string): ProjectManifest {
  try {
    return JSON.parse(text) as ProjectManifest;
  } catch (error) {
    throw unfit(`package.json is no JSON: ${(error as Error).message}.`, 'Correct it; npm reads it no better.');
  }
}

function unfit(message: string, remedy: string): CliError {
  return new CliError('PROJECT_UNFIT', message, remedy);
}
