import 'reflect-metadata';

import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaBuilderModule, GraphQLSchemaFactory } from '@nestjs/graphql';
import { lexicographicSortSchema, printSchema } from 'graphql';

import { buildApiSchema } from './graphql/schema/build-api-schema.js';

/** The API's schema as it stands in `schema.graphql`: sorted, so that a change shows as a change. */
export async function printApiSchema(): Promise<string> {
  const context = await NestFactory.createApplicationContext(GraphQLSchemaBuilderModule, { logger: false });
  const schema = await buildApiSchema(context.get(GraphQLSchemaFactory));
  await context.close();
  return `# The GraphQL API of @taskloom/nest. Written by \`pnpm --filter @taskloom/nest schema\`; do not edit.\n\n${printSchema(lexicographicSortSchema(schema))}\n`;
}
