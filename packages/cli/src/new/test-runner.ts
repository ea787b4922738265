import type { ProjectManifest } from '../project/project-manifest.js';

/** How tests of a project are written: what they import, and how they say that two things are equal. */
export interface TestRunner {
  /** Lines. */
  readonly imports: readonly string[];
  readonly equal: (actual: string, expected: string) => string;
}

const EXPECT = (actual: string, expected: string): string => `expect(${actual}).toEqual(${expected});`;

/** The test runner that a project has among its packages; Node's own where there is none. */
export function testRunnerOf({ dependencies, devDependencies }: ProjectManifest): TestRunner {
  const packages = { ...dependencies, ...devDependencies };
  if ('vitest' in packages) return { imports: ["import { describe, expect, it } from 'vitest';"], equal: EXPECT };
  if ('@jest/globals' in packages) return { imports: ["import { describe, expect, it } from '@jest/globals';"], equal: EXPECT };
  if ('jest' in packages) return { imports: [], equal: EXPECT };
  return {
    imports: ["import { deepEqual } from 'node:assert/strict';", "import { describe, it } from 'node:test';"],
    equal: (actual, expected) => `deepEqual(${actual}, ${expected});`,
  };
}
