/*
 * The decorators of `@nestjs/graphql` for the API's own types. Use these and not the originals: what they say stays apart
 * from the types of the application.
 */
import * as nest from '@nestjs/graphql';

import { metadataIsland } from './schema/metadata-island.js';

export const ArgsType = onIsland(nest.ArgsType);
export const Args = onIsland(nest.Args);
export const Field = onIsland(nest.Field);
export const InputType = onIsland(nest.InputType);
export const Mutation = onIsland(nest.Mutation);
export const ObjectType = onIsland(nest.ObjectType);
export const Query = onIsland(nest.Query);
export const ResolveField = onIsland(nest.ResolveField);
export const Resolver = onIsland(nest.Resolver);
export const Subscription = onIsland(nest.Subscription);

export const registerEnumType: typeof nest.registerEnumType = (enumRef, options) =>
  metadataIsland.run(() => nest.registerEnumType(enumRef, options));

type Decorator = (...target: unknown[]) => unknown;

function onIsland<Factory extends (...args: never[]) => unknown>(factory: Factory): Factory {
  const moved = (...args: never[]): Decorator => {
    const decorate = metadataIsland.run(() => factory(...args)) as Decorator;
    return (...target) => metadataIsland.run(() => decorate(...target));
  };
  return moved as unknown as Factory;
}
