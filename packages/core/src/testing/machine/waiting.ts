/*
 * Who waits for whom, said independently of graph/cycle.ts: by recursion over "this moment cannot come before that one",
 * on moments named by text.
 */
interface Waits {
  readonly parent: number | null;
  readonly dependencies: readonly { readonly on: number }[];
  /** The task that it stands in for, should that one fail; `null` or absent for none. */
  readonly standsInFor?: number | null;
}

type Moment = `start ${number}` | `end ${number}`;

/** The moments that must come before a moment. */
function before(tasks: readonly Waits[], moment: Moment): Moment[] {
  const [kind, text] = moment.split(' ') as ['start' | 'end', string];
  const no = Number(text);
  const { parent, dependencies, standsInFor = null } = tasks[no]!;
  // A task ends after what is below it, and after what may stand in for it.
  if (kind === 'end')
    return [
      `start ${no}`,
      ...tasks.flatMap((task, other): Moment[] => (task.parent === no || task.standsInFor === no ? [`end ${other}`] : [])),
    ];
  return [
    ...(parent === null ? [] : [`start ${parent}` as const]),
    // Whether the other one fails is known when what is below it has ended.
    ...(standsInFor === null
      ? []
      : [
          `start ${standsInFor}` as const,
          ...tasks.flatMap((task, other): Moment[] => (task.parent === standsInFor ? [`end ${other}`] : [])),
        ]),
    ...dependencies.flatMap(({ on }): Moment[] => (on === standsInFor ? [] : [`end ${on}`])),
  ];
}

/** Whether some moment must come before itself; `among`: looking at these tasks only. */
export function waitsInCircle(tasks: readonly Waits[], among?: ReadonlySet<number>): boolean {
  const state = new Map<Moment, 'open' | 'done'>();
  const visit = (moment: Moment): boolean => {
    if (among && !among.has(taskOf(moment))) return false;
    const known = state.get(moment);
    if (known !== undefined) return known === 'open';
    state.set(moment, 'open');
    const found = before(tasks, moment).some(visit);
    state.set(moment, 'done');
    return found;
  };
  return tasks.some((_, no) => visit(`end ${no}`) || visit(`start ${no}`));
}

/** Whether each task of the list directly waits for the one before it, the first for the last, and together they can never go on. */
export function isWaitingCircle(tasks: readonly Waits[], circle: readonly number[]): boolean {
  const waitsFor = (no: number): Set<number> => new Set([...before(tasks, `start ${no}`), ...before(tasks, `end ${no}`)].map(taskOf));
  return (
    circle.length > 0 &&
    circle.every((no, index) => waitsFor(circle[(index + 1) % circle.length]!).has(no)) &&
    waitsInCircle(tasks, new Set(circle))
  );
}

function taskOf(moment: Moment): number {
  return Number(moment.split(' ')[1]);
}
