/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  rootDir: import.meta.dirname,
  testMatch: ['<rootDir>/**/*.test.mjs'],
  transform: {},
};
