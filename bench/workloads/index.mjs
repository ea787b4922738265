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
};
