import { jestPreset } from '../../jest.preset.mjs';

// The tests of the built server mostly wait for processes of their own.
export default { ...jestPreset, maxWorkers: 2 };
