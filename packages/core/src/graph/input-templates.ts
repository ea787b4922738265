import { inMessage } from '../kernel/in-message.js';
import { hasPlaceAt } from '../kernel/json-place.js';
import { parsePointer, type Json } from '../kernel/json.js';
import { SubmittedInput } from '../model/input-text.js';
import type { InputSubmission, RefSubmission, TaskSubmission } from '../model/submission.js';
import type { Condition, InputTemplate, MapTemplate, RefBinding } from '../model/task.js';
import { show, type GraphProblems } from './graph-problems.js';
import type { TaskTable } from './task-table.js';

export const EMPTY_INPUT: InputTemplate = { value: null, refs: [] };

/** What tasks read of the outputs of others: refs in their inputs, lists that they map over, conditions. */
export class InputTemplates {
  constructor(
    private readonly table: TaskTable,
    private readonly problems: GraphProblems,
  ) {}

  /** `more`: what else fills places of the input. */
  template(input: InputSubmission, key: string, more: readonly { readonly at: string }[] = []): InputTemplate {
    if (input.value === null && input.refs.length === 0) return EMPTY_INPUT;
    input.refs.forEach(({ at }) => this.checkHole(at, input.value, key));
    this.refuseSharedHoles([...input.refs, ...more], key);
    return new SubmittedInput(
      input.value,
      input.refs.map((ref) => this.binding(ref, key)),
    );
  }

  /** A hole is a place that the value has: filling it may not make up objects, or reach a prototype. */
  private checkHole(at: string, value: Json, key: string): void {
    const segments = typeof at === 'string' ? parsePointer(at) : null;
    if (segments === null || hasPlaceAt(value, segments)) return;
    this.problems.report('GRAPH_INVALID', key, `The input of "${show(key)}" has no place at ${show(at)} for a ref to fill.`, {
      at: show(at),
    });
  }

  /** Of two values for one place, or of one for a place inside another's, only one could be read. */
  private refuseSharedHoles(holes: readonly { readonly at: string }[], key: string): void {
    if (holes.length < 2) return;
    const places = new Set<string>();
    const refuse = (at: string, why: string): void =>
      this.problems.report('GRAPH_INVALID', key, `${inMessage(at)} in the input of "${show(key)}" ${why}.`, { at: show(at) });
    for (const { at } of holes) {
      // What is no pointer is told of where it is read.
      if (typeof at !== 'string') continue;
      if (places.has(at)) refuse(at, 'is filled twice');
      places.add(at);
    }
    for (const at of places) {
      const around = placesAround(at).find((place) => places.has(place));
      if (around !== undefined) refuse(at, `lies in ${inMessage(around)}, which is filled as well`);
    }
  }

  private binding(ref: RefSubmission, key: string): RefBinding {
    return {
      at: this.pointer(ref.at, key),
      task: this.table.numberOf(ref.task, key, 'refers to'),
      path: this.pointer(ref.path ?? '', key),
      ...(ref.or === undefined ? undefined : { or: ref.or }),
    };
  }

  private pointer(pointer: string, key: string): string {
    if (typeof pointer === 'string' && parsePointer(pointer) !== null) return pointer;
    this.problems.report(
      'GRAPH_INVALID',
      key,
      `${inMessage(pointer)} in "${show(key)}" is no JSON Pointer: it must be empty or begin with "/".`,
    );
    return '';
  }

  condition(task: TaskSubmission): Condition {
    const on = this.table.numberOf(task.when!.task, task.key, 'has the condition on');
    const path = this.pointer(task.when!.path ?? '', task.key);
    if (path !== '' && this.table.tasks[on]?.map)
      this.problems.report(
        'GRAPH_INVALID',
        task.key,
        `The condition of "${show(task.key)}" reads a part of the list that "${show(task.when!.task)}" makes; only the whole list can be a condition.`,
      );
    return { task: on, path, ...(task.when!.or === undefined ? undefined : { or: task.when!.or }) };
  }

  /** @param routed how the agent of its tasks was chosen, where it was */
  map(task: TaskSubmission, routed: MapTemplate['routed']): { over: { task: number; path: string }; template: MapTemplate } {
    const map = task.map!;
    for (const { at } of map.items) this.checkHole(at, map.input.value, task.key);
    return {
      over: { task: this.table.numberOf(map.over.task, task.key, 'maps over'), path: this.pointer(map.over.path ?? '', task.key) },
      template: {
        agent: map.agent,
        input: this.template(map.input, task.key, map.items),
        items: map.items.map(({ at, path, ...rest }) => ({ at: this.pointer(at, task.key), path: this.pointer(path, task.key), ...rest })),
        ...(map.batch === undefined ? undefined : { batch: map.batch }),
        ...(map.name === undefined ? undefined : { name: map.name }),
        ...(map.overrides === undefined ? undefined : { overrides: map.overrides }),
        ...(routed && { routed }),
      },
    };
  }
}

/** The places that a JSON Pointer lies in, the nearest first. */
function placesAround(at: string): string[] {
  const segments = at.split('/');
  return segments.slice(1).map((_, index) => segments.slice(0, segments.length - 1 - index).join('/'));
}
