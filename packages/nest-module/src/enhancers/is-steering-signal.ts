/** By these an agent's context ends its run (`ctx.skip`, or something that has to be waited for): no errors, though thrown. */
const SIGNALS: ReadonlySet<string> = new Set(['SkipSignal', 'SuspensionSignal']);

export function isSteeringSignal(thrown: unknown): thrown is Error {
  return thrown instanceof Error && SIGNALS.has(thrown.name);
}
