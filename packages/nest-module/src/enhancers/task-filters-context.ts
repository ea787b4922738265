import { EXCEPTION_FILTERS_METADATA, type Controller, type ExceptionFilterMetadata } from '@nestjs/common/internal';
import type { ContextId } from '@nestjs/core';
import { ExternalExceptionFilterContext } from '@nestjs/core/exceptions/external-exception-filter-context.js';

/** Finds exception filters as NestJS does outside of HTTP, without the one that only logs. */
export class TaskFiltersContext extends ExternalExceptionFilterContext {
  /** The one to be asked first is the first. */
  filtersOf(
    instance: Controller,
    callback: (...args: unknown[]) => unknown,
    module: string,
    contextId?: ContextId,
    inquirerId?: string,
  ): ExceptionFilterMetadata[] {
    this.moduleContext = module;
    return this.createContext<unknown[], ExceptionFilterMetadata[]>(
      instance,
      callback,
      EXCEPTION_FILTERS_METADATA,
      contextId,
      inquirerId,
    ).reverse();
  }
}
