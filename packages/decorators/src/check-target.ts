import { classNameOf, decoratorMisuse, type DecoratorName } from './decorator-errors.js';
import type { DecoratorSpec } from './decorator-spec.js';
import {
  AGENT_OPTIONS,
  NEST_INJECTED_PARAMETERS,
  NEST_PARAMETER_TYPES,
  PUBSUB_AGENT_OPTIONS,
  WORKFLOW_OPTIONS,
} from './metadata/metadata-keys.js';
import { isReadingSchemas } from './schema-reading.js';

/** Refuses everything a class decorator of this package cannot stand on. `rest` is what followed the target in the call. */
export function checkTarget(spec: DecoratorSpec, target: unknown, rest: readonly unknown[]): void {
  if (isStandardContext(rest[0])) refuseStandardDecorators(spec, target);
  if (rest.length > 0 || typeof target !== 'function') refuseMember(spec, target, rest);
  refuseMissingMetadataLibrary(spec, target);
  refuseSecondDecorator(spec, target);
  refuseMissingMethod(spec, target);
  if (!isReadingSchemas()) refuseMissingParameterTypes(spec, target);
}

/** Standard (TC39) decorators pass a context object; NestJS and dependency injection need the earlier kind. */
function isStandardContext(second: unknown): boolean {
  return typeof second === 'object' && second !== null && 'kind' in second && 'addInitializer' in second;
}

function refuseStandardDecorators({ decorator }: DecoratorSpec, target: unknown): never {
  throw decoratorMisuse(
    decorator,
    `class ${classNameOf(target)}`,
    'the compiler emitted standard decorators, which NestJS cannot use.',
    'Set "experimentalDecorators" and "emitDecoratorMetadata" to true in the tsconfig that compiles this file.',
  );
}

function refuseMember({ decorator, method }: DecoratorSpec, target: unknown, rest: readonly unknown[]): never {
  const owner = typeof target === 'function' ? classNameOf(target) : classNameOf((target as { constructor?: unknown } | null)?.constructor);
  const member = typeof rest[0] === 'string' || typeof rest[0] === 'symbol' ? String(rest[0]) : '';
  throw decoratorMisuse(
    decorator,
    memberPlace(owner, member, target, rest[1]),
    'it is a class decorator.',
    `Put it above the class itself and name the method \`${method}\`.`,
  );
}

function memberPlace(owner: string, member: string, target: unknown, third: unknown): string {
  if (typeof third === 'number')
    return member === '' ? `parameter ${third + 1} of the constructor of ${owner}` : `parameter ${third + 1} of ${owner}.${member}`;
  const place = typeof target === 'function' ? 'static ' : '';
  const descriptor = third as PropertyDescriptor | undefined;
  const what = descriptor === undefined ? 'property' : descriptor.get || descriptor.set ? 'accessor' : 'method';
  return member === '' ? `something that is no class` : `the ${place}${what} ${owner}.${member}`;
}

function refuseMissingMetadataLibrary({ decorator }: DecoratorSpec, target: unknown): void {
  if (typeof Reflect.defineMetadata === 'function' && typeof Reflect.getOwnMetadata === 'function') return;
  throw decoratorMisuse(
    decorator,
    `class ${classNameOf(target)}`,
    'reflect-metadata is not loaded.',
    "Put `import 'reflect-metadata';` first in the file that starts the application.",
  );
}

const CARRIED: readonly (readonly [symbol, DecoratorName])[] = [
  [AGENT_OPTIONS, '@TaskAgent'],
  [PUBSUB_AGENT_OPTIONS, '@PubSubAgent'],
  [WORKFLOW_OPTIONS, '@Workflow'],
];

function refuseSecondDecorator({ decorator }: DecoratorSpec, target: object): void {
  const present = CARRIED.find(([key]) => Reflect.hasOwnMetadata(key, target))?.[1] ?? null;
  if (present === null) return;
  throw decoratorMisuse(
    decorator,
    `class ${classNameOf(target)}`,
    `the class carries ${present} already.`,
    'Keep one: a class is one agent or one workflow.',
  );
}

function refuseMissingMethod({ decorator, method, example }: DecoratorSpec, target: object): void {
  const where = `class ${classNameOf(target)}`;
  const descriptor = findMember(target, method);
  if (descriptor && (descriptor.get || descriptor.set)) {
    throw decoratorMisuse(decorator, where, `\`${method}\` is an accessor.`, `Make it a method: ${example}`);
  }
  if (typeof descriptor?.value === 'function') return;
  const other = otherMethodOf(method);
  if (decorator === '@TaskAgent' && other !== null && typeof findMember(target, other)?.value === 'function')
    throw decoratorMisuse(
      decorator,
      where,
      `the class has \`${other}\` and no method \`${method}\`.`,
      method === 'execute'
        ? 'Give the option `batch`, which `executeBatch` needs; or add `execute`.'
        : `Add ${example}, which \`batch\` calls; or leave \`batch\` out.`,
    );
  if (Object.hasOwn(target, method))
    throw decoratorMisuse(decorator, where, `\`${method}\` is static.`, `Make it a method of the instance: ${example}`);
  throw decoratorMisuse(
    decorator,
    where,
    `the class has no method \`${method}\`.`,
    `Add ${example} (a method: neither an arrow function in a property nor a private #${method}).`,
  );
}

/** The method that an agent has where it runs the other way: each task by itself, or several in one call. */
function otherMethodOf(method: string): string | null {
  return method === 'execute' ? 'executeBatch' : method === 'executeBatch' ? 'execute' : null;
}

/** The member as an instance will see it, its own or inherited, without running accessors. */
function findMember(target: object, name: string): PropertyDescriptor | undefined {
  for (
    let level: unknown = (target as { prototype: unknown }).prototype;
    typeof level === 'object' && level !== null && level !== Object.prototype;
    level = Object.getPrototypeOf(level)
  ) {
    const descriptor = Object.getOwnPropertyDescriptor(level, name);
    if (descriptor) return descriptor;
  }
  return undefined;
}

/**
 * A constructor with parameters of which the compiler recorded no types gets `undefined` for each of them from NestJS,
 * without a word. esbuild, tsx and Node's own type stripping compile that way.
 */
function refuseMissingParameterTypes({ decorator }: DecoratorSpec, target: object): void {
  const parameters = (target as { length: number }).length;
  if (parameters === 0 || Reflect.hasOwnMetadata(NEST_PARAMETER_TYPES, target)) return;
  const injected = (Reflect.getOwnMetadata(NEST_INJECTED_PARAMETERS, target) ?? []) as readonly unknown[];
  if (injected.length >= parameters) return;
  throw decoratorMisuse(
    decorator,
    `class ${classNameOf(target)}`,
    `the compiler recorded no types for the ${parameters === 1 ? 'parameter' : `${parameters} parameters`} of its constructor, so NestJS would inject undefined.`,
    'Compile with "emitDecoratorMetadata": true by tsc or swc (esbuild and tsx cannot), or put @Inject(Token) on each parameter.',
  );
}
