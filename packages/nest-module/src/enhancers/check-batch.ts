import { EXCEPTION_FILTERS_METADATA, GUARDS_METADATA, INTERCEPTORS_METADATA, PIPES_METADATA } from '@nestjs/common/internal';
import { ConfigError, type AgentClass } from '@taskloom/core';

const DECORATORS = {
  '@UseGuards': GUARDS_METADATA,
  '@UseInterceptors': INTERCEPTORS_METADATA,
  '@UsePipes': PIPES_METADATA,
  '@UseFilters': EXCEPTION_FILTERS_METADATA,
} as const;

/**
 * What stands around agents is asked about one task at a time, and a batch is a call for many: what would be passed over
 * is refused.
 *
 * @throws ConfigError
 */
export function checkBatch(target: AgentClass, hasGlobalGuards: boolean): void {
  const prototype = target.prototype as { readonly executeBatch?: object };
  const used = Object.entries(DECORATORS).filter(
    ([, key]) => Reflect.hasMetadata(key, target) || (prototype.executeBatch && Reflect.hasMetadata(key, prototype.executeBatch)),
  );
  const problems = used.map(
    ([decorator]) =>
      `The class ${target.name} runs in batches, around which ${decorator} cannot work: take it away, or give the class \`execute\` in the place of \`batch\`.`,
  );
  if (hasGlobalGuards)
    problems.push(
      `The class ${target.name} runs in batches, and global guards cannot be asked about a batch: set \`globalEnhancers: false\`, or give the class \`execute\` in the place of \`batch\`.`,
    );
  if (problems.length > 0) throw new ConfigError(problems);
}
