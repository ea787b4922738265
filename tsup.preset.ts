import type { Options } from 'tsup';

/**
 * What every build has in common: ES modules, one shared chunk graph (so that all entries of a package see the same classes), source maps.
 * Decorator metadata is emitted because `@swc/core` is installed and tsconfig asks for it.
 */
export function tsupPreset(entry: Record<string, string>, overrides: Options = {}): Options {
  return {
    entry,
    format: ['esm'],
    target: 'es2023',
    platform: 'node',
    splitting: true,
    sourcemap: true,
    clean: true,
    silent: true,
    // tsup sets `baseUrl` itself for the declaration build, which TypeScript 6 reports as deprecated.
    // Unused names are for lint and typecheck to report; they are no reason to refuse a build.
    dts: { compilerOptions: { ignoreDeprecations: '6.0', noUnusedLocals: false, noUnusedParameters: false } },
    ...overrides,
  };
}
