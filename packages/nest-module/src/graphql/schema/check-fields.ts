import { defaultFieldResolver, isObjectType, type GraphQLField, type GraphQLSchema } from 'graphql';

import type { ApiContext } from '../api-context.js';

/** Asks the application's `field` hook before each field is answered, also before a subscription begins. */
export function checkFields(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) checkField(type.name, field as GraphQLField<unknown, ApiContext>);
  }
}

function checkField(type: string, field: GraphQLField<unknown, ApiContext>): void {
  const { name, resolve = defaultFieldResolver, subscribe } = field;
  field.resolve = async (source, args: Record<string, unknown>, context, info) => {
    await context.permissions.field?.({ type, name, args });
    return resolve(source, args, context, info);
  };
  if (!subscribe) return;
  field.subscribe = async (source, args: Record<string, unknown>, context, info) => {
    await context.permissions.field?.({ type, name, args });
    return subscribe(source, args, context, info);
  };
}
