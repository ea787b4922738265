import type { GraphQLSchemaFactory } from '@nestjs/graphql';
import type { GraphQLSchema } from 'graphql';

import { checkFields } from './check-fields.js';
import { bindResolvers } from './bind-resolvers.js';
import { metadataIsland } from './metadata-island.js';
import { RESOLVER_CLASSES } from './resolver-classes.js';

/** The API's own schema, ready to be executed. */
export async function buildApiSchema(
  factory: GraphQLSchemaFactory,
  options: { readonly checkFields: boolean } = { checkFields: false },
): Promise<GraphQLSchema> {
  // Without the check by introspection, which a test makes, the factory is done when it returns.
  const schema = await metadataIsland.run(() => factory.create([...RESOLVER_CLASSES], { skipCheck: true }));
  for (const resolverClass of RESOLVER_CLASSES) bindResolvers(schema, new resolverClass());
  if (options.checkFields) checkFields(schema);
  schema.getQueryType()!.description = 'What can be read. Nothing here changes anything.';
  schema.getMutationType()!.description = 'What can be done to jobs.';
  schema.getSubscriptionType()!.description = 'What can be watched, over graphql-transport-ws.';
  return schema;
}
