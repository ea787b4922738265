import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { LoggerService } from '@nestjs/common';
import type { GraphQLSchema } from 'graphql';

import type { ApiContext } from '../graphql/api-context.js';
import type { ErrorPresenter } from '../graphql/graphql-errors.js';
import type { ApiLimits } from '../limits/api-limits.js';

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly presenter: ErrorPresenter;
  readonly limits: ApiLimits;
  readonly introspection: boolean;
  readonly logger: LoggerService;
}

/** Apollo Server without a web framework: what it executes, checks and refuses, but not how requests reach it. */
export async function startApolloServer({
  schema,
  presenter,
  limits,
  introspection,
  logger,
}: ApolloOptions): Promise<ApolloServer<ApiContext>> {
  const server = new ApolloServer<ApiContext>({
    schema,
    introspection,
    formatError: (_formatted, error) => presenter.present(error),
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    parseOptions: { maxTokens: limits.tokens },
    stopOnTerminationSignals: false,
    // Cache hints, which this schema has none of, would be looked for at every field.
    plugins: [ApolloServerPluginLandingPageDisabled(), ApolloServerPluginCacheControlDisabled()],
    logger: {
      debug: (message) => logger.debug?.(message),
      info: (message) => logger.debug?.(message),
      warn: (message) => logger.warn(message),
      error: (message) => logger.error(message),
    },
  });
  await server.start();
  return server;
}
