import { TaskloomError } from '../errors/taskloom-error.js';
import { formatPointer, type Json } from '../kernel/json.js';

declare const REF: unique symbol;

/**
 * A reference to a value of type `T` that will exist later: (a part of) another task's output. It can be passed on as
 * an input and narrowed by property (`stats.out.lines`); it cannot be computed with.
 */
export interface AnyRef<T> {
  readonly [REF]: T;
  /** The value to use where the source ends without one (it was skipped, it failed, the property is absent). */
  or(value: NonNullable<T>): Ref<NonNullable<T>>;
}

/** {@link AnyRef} with the properties of `T` as refs. A property that is optional in `T` stays `| undefined` in its ref. */
export type Ref<T> = AnyRef<T> & RefFields<NonNullable<T>, Extract<T, null | undefined>>;

type RefFields<T, Absent> = T extends readonly (infer Item)[]
  ? { readonly [index: number]: Ref<Item | undefined> }
  : T extends object
    ? { readonly [Key in keyof T]-?: Ref<T[Key] | (Absent extends never ? never : undefined)> }
    : unknown;

/** `T`, or a ref to it, or a `T` some of whose parts are refs. */
export type Refable<T> = AnyRef<T> | RefableParts<T>;

type RefableParts<T> = T extends readonly unknown[]
  ? { readonly [Index in keyof T]: Refable<T[Index]> }
  : T extends object
    ? { readonly [Key in keyof T]: Refable<T[Key]> }
    : T;

/** What a ref stands for: `source` is the task (or a map's item), `path` leads into its value. */
export interface RefTarget {
  readonly source: object;
  readonly path: readonly string[];
  readonly or?: Json;
}

const TARGET = Symbol.for('taskloom.ref');

/** Makes a ref to the value at `path` of `source`. */
export function createRef<T>(source: object, path: readonly string[] = [], or?: Json): Ref<T> {
  const target: RefTarget = or === undefined ? { source, path } : { source, path, or };
  // The proxy's own target carries nothing: every read goes through the traps below.
  return new Proxy(Object.create(null) as object, refTraps(target)) as Ref<T>;
}

/** What a ref points at, or `null` when the value is no ref. */
export function refTargetOf(value: unknown): RefTarget | null {
  if (typeof value !== 'object' || value === null) return null;
  return (value as { [TARGET]?: RefTarget })[TARGET] ?? null;
}

function refTraps(target: RefTarget): ProxyHandler<object> {
  const refuse = (): never => {
    throw new TaskloomError(
      'REF_USED_AS_VALUE',
      `The ref "${describeRef(target)}" was used as a plain value while the graph is being laid out; its value exists only when tasks run.`,
    );
  };
  return {
    get(_, property) {
      if (property === TARGET) return target;
      if (property === 'or') return (value: Json) => createRef(target.source, target.path, value);
      if (property === Symbol.toStringTag) return 'Ref';
      // Asked by `await` and by console.log; answering "no" keeps refs usable in async plans and in a debugger.
      if (property === 'then' || typeof property === 'symbol')
        return property === Symbol.toPrimitive || property === Symbol.iterator ? refuse() : undefined;
      if (property === 'toJSON' || property === 'valueOf' || property === 'toString') return refuse();
      return createRef(target.source, [...target.path, property]);
    },
    has: (_, property) => property === TARGET,
    ownKeys: refuse,
    set: refuse,
    deleteProperty: refuse,
  };
}

function describeRef(target: RefTarget): string {
  const name = 'label' in target.source ? String(target.source.label) : 'task';
  return `${name}.out${formatPointer(target.path)}`;
}
