import { jestPreset } from '../../jest.preset.mjs';

// Whole applications start in these tests, on machines that may have other things to do.
export default { ...jestPreset, testTimeout: 30_000 };
