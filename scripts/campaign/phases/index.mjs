import { clockJumps } from './clock-jumps.mjs';
import { diskFull } from './disk-full.mjs';
import { ioErrors } from './io-errors.mjs';
import { kills } from './kills.mjs';
import { planted } from './planted.mjs';
import { stops } from './stops.mjs';
import { writePoints } from './write-points.mjs';

/** Every part of the campaign by name, in the order in which they run. */
export const parts = {
  planted,
  kills,
  'write-points': writePoints,
  'io-errors': ioErrors,
  'disk-full': diskFull,
  'clock-jumps': clockJumps,
  stops,
};
