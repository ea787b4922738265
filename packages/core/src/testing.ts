// What tests of applications use.
export { VirtualClock } from './testing/virtual-clock.js';
export type { CrashOptions } from './testing/crash.js';
export { CrashingStore } from './testing/crashing-store.js';
export { replay, type ReplayedJob, type ReplayedTask } from './testing/replay.js';
export { runInline, type InlineResult, type InlineRun } from './testing/run-inline.js';
export { scriptedAgent, type ScriptedAgent, type ScriptedCall, type ScriptStep } from './testing/scripted-agent.js';
