import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Json, JsonObject } from '@taskloom/core';
import { ts } from 'ts-morph';

import { openProject } from '../../src/project/open-project.js';
import { readType, type TypeReading } from '../../src/reader/types/read-type.js';
import { CASES, caseNames } from './case-folders.js';

/** What is tried on a case's schema. */
export interface Samples {
  /** Fits the schema and, as a literal, the type. */
  readonly accepted?: readonly Json[];
  /** Fits the schema; the type has something there that JSON has not. */
  readonly acceptedAsJson?: readonly Json[];
  /** Fits neither the schema nor, as a literal, the type. */
  readonly refused?: readonly Json[];
  /** Does not fit the schema, though the type would have it. */
  readonly refusedAsJson?: readonly Json[];
  /** Does not fit the schema because of a documentation tag. */
  readonly refusedByTags?: readonly Json[];
}

/** A type in a folder of its own: `type.ts` exports it as `Input`. */
export interface TypeCase {
  readonly name: string;
  readonly folder: string;
  readonly read: () => TypeReading;
}

/** Every case of a group, in one program: starting the compiler for each would take minutes. */
export function typeCases(group: string, tsconfig: string): TypeCase[] {
  const project = openProject(join(CASES, tsconfig), join(CASES, 'none'));
  const checker = project.program().getTypeChecker();
  return caseNames(group).map((name) => {
    const folder = join(CASES, group, name);
    const file = project.program().getSourceFile(join(folder, 'type.ts'))!;
    return {
      name,
      folder,
      read: () => {
        const symbol = checker.getExportsOfModule(checker.getSymbolAtLocation(file)!).find((candidate) => candidate.name === 'Input')!;
        const declaration = symbol.declarations!.find((candidate) => !ts.isVariableDeclaration(candidate))!;
        return readType({
          type: checker.getDeclaredTypeOfSymbol(symbol),
          node: declaration,
          typeNode: null,
          owner: 'the input',
          direction: 'input',
          checker,
        });
      },
    };
  });
}

export function samplesOf({ folder }: TypeCase): Samples {
  return JSON.parse(readFileSync(join(folder, 'samples.json'), 'utf8')) as Samples;
}

/** The text of an expected file, or `null` before there is one. */
export function expectedText(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

export function writeExpected(path: string, value: JsonObject | string): void {
  writeFileSync(path, typeof value === 'string' ? value : `${JSON.stringify(value, null, 2)}\n`);
}
