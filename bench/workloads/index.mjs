import { chain } from './w1-chain.mjs';
import { fan } from './w2-fan.mjs';
import { layers } from './w3-layers.mjs';
import { diamondsCold, diamondsWarm } from './w4-diamonds.mjs';
import { waiting } from './w5-waiting.mjs';
import { growth } from './w6-growth.mjs';

/** Every workload by name. @type {Readonly<Record<string, () => import('./workload.mjs').Workload>>} */
export const workloads = {
  w1: chain,
  w2: fan,
  w3: layers,
  w4: diamondsCold,
  'w4-warm': diamondsWarm,
  w5: waiting,
  ...growth,
};
