import { ContextIdFactory, type DiscoveryService, type ModuleRef } from '@nestjs/core';
import type { InstanceSource } from '@taskloom/decorators';

type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];

/**
 * The instance of a provider: its one instance where it is a singleton; for a provider of transient or request scope a
 * new one for each task (each plan), together with everything of such scopes that it depends on.
 */
export function instanceSourceOf(wrapper: Wrapper, moduleRef: ModuleRef): InstanceSource {
  if (wrapper.isDependencyTreeStatic() && !wrapper.isTransient) return wrapper.instance as object;
  return () => moduleRef.resolve<object>(wrapper.token, ContextIdFactory.create(), { strict: false });
}
