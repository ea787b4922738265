import type { ModuleRef, NestContainer } from '@nestjs/core';

/** The application's modules and its global enhancers. Nest provides neither; every module reference holds them. */
export function containerOf(moduleRef: ModuleRef): NestContainer {
  return (moduleRef as unknown as { readonly container: NestContainer }).container;
}
