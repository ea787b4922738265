import { chain } from './w1-chain.mjs';
import { fan } from './w2-fan.mjs';
import { layers, layersWatched } from './w3-layers.mjs';
import { diamondsCold, diamondsWarm } from './w4-diamonds.mjs';
import { waiting } from './w5-waiting.mjs';
import { growth } from './w6-growth.mjs';
import { cancelLarge } from './w7-cancel.mjs';

/** Every workload by name. @type {Readonly<Record<string, () => import('./workload.mjs').Workload>>} */
export const workloads = {
  w1: chain,
  w2: fan,
  w3: layers,
  'w3-watched': layersWatched,
  w4: diamondsCold,
  'w4-warm': diamondsWarm,
  w5: waiting,
  ...growth,
  w7: cancelLarge,
  'w1-warm': secondTime(chain),
  'w2-warm': secondTime(fan),
  'w3-warm': secondTime(layers),
  'w5-warm': secondTime(waiting),
};

/** The same in a process that has done it once: V8 knows the code. @param {() => import('./workload.mjs').Workload} define */
function secondTime(define) {
  return () => {
    const workload = define();
    return { ...workload, name: `${workload.name}-warm`, title: `${workload.title}, for the second time`, warmUp: workload.graphs };
  };
}
