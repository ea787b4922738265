import type { Cost, EventView, PayloadView, TaskAddress, TaskView, WhyView } from '@taskloom/core';
import { parseTaskId, taskIdOf } from '@taskloom/core/internal';
import DataLoader from 'dataloader';

import type { GuardedEngine } from '../access/guarded-engine.js';
import { HISTORY_EVENTS, type VisiblePage } from '../access/guarded-reader.js';
import { PAYLOAD_BYTES, type PayloadSize } from './payload-size.js';

const BATCH = 1_000;

export interface Loaders {
  readonly task: (address: TaskAddress) => Promise<TaskView | null>;
  /** Tasks that were read in another way need not be read again. */
  readonly remember: (tasks: readonly TaskView[]) => void;
  readonly dependents: (address: TaskAddress) => Promise<readonly number[]>;
  readonly input: (address: TaskAddress, size: PayloadSize) => Promise<PayloadView | null>;
  readonly output: (address: TaskAddress, size: PayloadSize) => Promise<PayloadView | null>;
  readonly jobInput: (jobId: string, size: PayloadSize) => Promise<PayloadView | null>;
  /** What a task itself has spent. */
  readonly cost: (address: TaskAddress) => Promise<Cost>;
  readonly jobCost: (jobId: string) => Promise<Cost>;
  readonly why: (address: TaskAddress) => Promise<WhyView | null>;
  /** Whether the caller sees all that is below a task. */
  readonly seesBelow: (address: TaskAddress) => Promise<boolean>;
  readonly history: (address: TaskAddress) => Promise<readonly EventView[]>;
  readonly children: (parent: TaskAddress, first: number) => Promise<VisiblePage<TaskView>>;
}

/**
 * What one operation reads of the store, gathered: fields of many objects that ask in the same moment make one call of
 * the reader together, and nothing is read twice. Made anew for each operation and each pushed event.
 */
export function createLoaders(engine: GuardedEngine): Loaders {
  const { reader } = engine;
  const tasks = byAddress((addresses) => reader.tasksAt(addresses));
  const dependents = byAddress((addresses) => reader.dependentsOf(addresses));
  const inputs = byKey((size: PayloadSize) => byAddress((addresses) => reader.taskInputs(addresses, PAYLOAD_BYTES[size])));
  const outputs = byKey((size: PayloadSize) => byAddress((addresses) => reader.taskOutputs(addresses, PAYLOAD_BYTES[size])));
  const jobInputs = byKey((size: PayloadSize) => byId((ids) => reader.jobInputs(ids, PAYLOAD_BYTES[size])));
  const histories = byAddress((addresses) => reader.taskHistories(addresses, HISTORY_EVENTS));
  const whys = byAddress((addresses) => engine.whys(addresses));
  const below = byAddress((addresses) => reader.seesBelow(addresses));
  const costs = byAddress((addresses) => reader.taskCosts(addresses));
  const jobCosts = byId((ids) => reader.jobCosts(ids));
  const remember = (views: readonly TaskView[]): void => {
    for (const view of views) tasks.prime(view.id, view);
  };
  const children = byKey((first: number) =>
    byAddress(async (parents) => {
      const pages = await reader.childrenOf(parents, first);
      for (const { items } of pages) remember(items);
      return pages;
    }),
  );

  return {
    task: (address) => tasks.load(idOf(address)),
    remember,
    dependents: (address) => dependents.load(idOf(address)),
    input: (address, size) => inputs(size).load(idOf(address)),
    output: (address, size) => outputs(size).load(idOf(address)),
    jobInput: (jobId, size) => jobInputs(size).load(jobId),
    cost: (address) => costs.load(idOf(address)),
    jobCost: (jobId) => jobCosts.load(jobId),
    why: (address) => whys.load(idOf(address)),
    seesBelow: (address) => below.load(idOf(address)),
    history: (address) => histories.load(idOf(address)),
    children: (parent, first) => children(first).load(idOf(parent)),
  };
}

function byAddress<Value>(read: (addresses: readonly TaskAddress[]) => Promise<readonly Value[]>): DataLoader<string, Value> {
  return new DataLoader((ids) => read(ids.map((id) => parseTaskId(id)!)), { maxBatchSize: BATCH });
}

function byId<Value>(read: (ids: readonly string[]) => Promise<readonly Value[]>): DataLoader<string, Value> {
  return new DataLoader(read, { maxBatchSize: BATCH });
}

/** One loader for each value of an argument. */
function byKey<Key, Loader>(make: (key: Key) => Loader): (key: Key) => Loader {
  const made = new Map<Key, Loader>();
  return (key) => {
    const loader = made.get(key) ?? make(key);
    made.set(key, loader);
    return loader;
  };
}

function idOf(address: TaskAddress): string {
  return taskIdOf(address.jobId, address.no);
}
