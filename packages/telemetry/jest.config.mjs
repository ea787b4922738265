import { jestPreset } from '../../jest.preset.mjs';

// Some tests start processes, which takes its time on a busy machine.
export default { ...jestPreset, testTimeout: 30_000 };
