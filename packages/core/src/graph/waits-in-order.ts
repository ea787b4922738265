/** One of several ordered steps: itself as others name it, and the waits that it names, where it names any. */
export interface OrderedStep<Wait> {
  readonly self: Wait;
  readonly own: readonly Wait[] | undefined;
  readonly parallel: boolean;
}

/**
 * What each of several ordered steps waits for: one that names it, that alone; one that is `parallel`, what the step before
 * waits for; any other, the step before and those that run beside it.
 */
export function waitsInOrder<Wait>(steps: readonly OrderedStep<Wait>[]): readonly (readonly Wait[])[] {
  let beside: Wait[] = [];
  let waits: readonly Wait[] = [];
  return steps.map(({ self, own, parallel }, place) => {
    const isBeside = parallel && place > 0;
    waits = own ?? (isBeside ? waits : beside);
    if (isBeside) beside.push(self);
    else beside = [self];
    return waits;
  });
}
