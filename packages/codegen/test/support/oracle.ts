import { join } from 'node:path';

import {
  createFormatter,
  createParser,
  createProgram,
  SchemaGenerator,
  type CompletedConfig,
  DEFAULT_CONFIG,
} from 'ts-json-schema-generator';
import type { JsonObject } from '@taskloom/core';

import { CASES } from './case-folders.js';

/** What ts-json-schema-generator makes of the `Input` of cases, all in one program. */
export function oracleSchemas(names: readonly string[], tsconfig: string): ReadonlyMap<string, JsonObject | string> {
  const config = {
    ...DEFAULT_CONFIG,
    tsconfig: join(CASES, tsconfig),
    path: join(CASES, 'types/*/type.ts'),
    type: 'Input',
    skipTypeCheck: true,
    topRef: false,
    additionalProperties: false,
  } as CompletedConfig;
  const program = createProgram(config);
  const generator = new SchemaGenerator(program, createParser(program, config), createFormatter(config), config);
  return new Map(names.map((name) => [name, schemaOf(generator, program.getSourceFile(join(CASES, 'types', name, 'type.ts')))]));
}

type Generator = { createSchemaFromNodes(nodes: unknown[]): unknown };

function schemaOf(generator: SchemaGenerator, file: { readonly statements: Iterable<unknown> } | undefined): JsonObject | string {
  const nodes = [...(file?.statements ?? [])].filter((statement) => (statement as { name?: { text?: string } }).name?.text === 'Input');
  try {
    return (generator as unknown as Generator).createSchemaFromNodes(nodes) as JsonObject;
  } catch (error) {
    return `refused: ${(error as Error).message.split('\n')[0]!}`;
  }
}
