import { RESOLVER_NAME_METADATA, RESOLVER_TYPE_METADATA } from '@nestjs/graphql';
import { isObjectType, type GraphQLField, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';

import type { ApiContext } from '../api-context.js';

type Resolve = GraphQLFieldResolver<unknown, ApiContext>;

/**
 * Lets the fields of a schema that `@nestjs/graphql` made from classes be answered by the methods of `resolvers`, which
 * take what graphql-js gives: parent, arguments, context.
 */
export function bindResolvers(schema: GraphQLSchema, resolvers: object): void {
  const prototype = Object.getPrototypeOf(resolvers) as Record<string, unknown>;
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const method = prototype[name];
    if (name === 'constructor' || typeof method !== 'function') continue;
    const typeName = (Reflect.getMetadata(RESOLVER_TYPE_METADATA, method) ??
      Reflect.getMetadata(RESOLVER_TYPE_METADATA, resolvers.constructor)) as string | undefined;
    const fieldName = (Reflect.getMetadata(RESOLVER_NAME_METADATA, method) as string | undefined) ?? name;
    bind(fieldOf(schema, typeName, fieldName), typeName, method.bind(resolvers) as Resolve);
  }
}

function bind(field: GraphQLField<unknown, ApiContext>, typeName: string | undefined, resolve: Resolve): void {
  if (typeName !== 'Subscription') {
    field.resolve = resolve;
    return;
  }
  field.subscribe = resolve;
  // What is pushed is the root of its execution.
  field.resolve = (pushed) => pushed;
}

function fieldOf(schema: GraphQLSchema, typeName: string | undefined, fieldName: string): GraphQLField<unknown, ApiContext> {
  const type = typeName === undefined ? undefined : schema.getType(typeName);
  const field = isObjectType(type) ? type.getFields()[fieldName] : undefined;
  if (!field) throw new Error(`the schema has no field ${String(typeName)}.${fieldName}`);
  return field as GraphQLField<unknown, ApiContext>;
}
