import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { GRAPHQL_MODULE_OPTIONS } from '@nestjs/graphql';

interface GraphqlModuleOptions {
  readonly path?: string;
  readonly subscriptions?: object;
}

/** Looks for GraphQLModules of the application that would answer in the API's place. */
@Injectable()
export class PathClashes {
  constructor(private readonly discovery: DiscoveryService) {}

  /** Each clash with what to do about it. */
  problemsWith(path: string): readonly string[] {
    return this.discovery
      .getProviders()
      .filter(({ token }) => token === GRAPHQL_MODULE_OPTIONS)
      .map(({ instance }) => problemWith(path, (instance ?? {}) as GraphqlModuleOptions))
      .filter((problem) => problem !== null);
  }
}

function problemWith(path: string, { path: theirs = '/graphql', subscriptions }: GraphqlModuleOptions): string | null {
  const other = `/${theirs.replace(/^\/+|\/+$/g, '')}`;
  const remedy = "Give TaskloomModule another `api.path`, for example '/taskloom'.";
  if (path === other) return `Taskloom's API and a GraphQLModule of this application both want the path ${path}. ${remedy}`;
  if (path.startsWith(`${other}/`))
    return `Taskloom's API at ${path} lies below the GraphQLModule at ${other}, which answers everything below it. ${remedy}`;
  if (subscriptions && path.startsWith(other))
    return `The GraphQLModule at ${other} takes every WebSocket whose path begins like its own, Taskloom's at ${path} too. ${remedy}`;
  return null;
}
