import type { Authorize, AuthorizeHooks } from './access/authorize.js';
import type { ApiLimits } from './limits/api-limits.js';

/** The GraphQL API. */
export interface ApiOptions {
  /** Where it is served, from the root of the server; a global prefix of the application does not apply. Default `/graphql`. */
  readonly path?: string;
  /** The application's checks: of callers, or at every level down to a field. Without them, only callers on the same machine are answered. */
  readonly authorize?: Authorize;
  /** Answer everyone who can reach the server. Default false. */
  readonly allowAnonymous?: boolean;
  /**
   * Several customers in one application: every caller belongs to a tenant, which `authorize` says, and there are only that tenant's
   * jobs for it. Needs `authorize`. Default false.
   */
  readonly tenancy?: boolean;
  /** Origins of pages that may open a WebSocket, for example `https://app.example.org`. Pages of the same origin always may. */
  readonly allowedOrigins?: readonly string[];
  /** Whether the schema can be asked for. Default: outside of production (`NODE_ENV`). */
  readonly introspection?: boolean;
  /** Whether browsers that open the path get GraphiQL. Default: outside of production (`NODE_ENV`). */
  readonly graphiql?: boolean;
  readonly limits?: Partial<ApiLimits>;
}

/** The completed form used inside. */
export interface ParsedApiOptions {
  readonly path: string;
  readonly authorize: AuthorizeHooks | null;
  readonly allowAnonymous: boolean;
  readonly tenancy: boolean;
  readonly allowedOrigins: readonly string[];
  readonly introspection: boolean;
  readonly graphiql: boolean;
  readonly limits: ApiLimits;
}
