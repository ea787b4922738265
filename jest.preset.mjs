/**
 * Jest in ES module mode on swc. Needs `node --experimental-vm-modules`, which the packages' `test` script sets.
 * @type {import('jest').Config}
 */
export const jestPreset = {
  testEnvironment: 'node',
  // Finds what hangs; it is no bound on speed. Tests start servers and processes, on machines that may have other things to do.
  testTimeout: 90_000,
  testMatch: ['<rootDir>/src/**/*.test.ts', '<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  // Sources import each other by the name the built file will have.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          target: 'es2022',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
      },
    ],
  },
};
