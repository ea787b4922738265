export { jobSpanId, runSpanId, TaskloomIds, traceIdOf } from './deterministic-ids.js';
export { openTelemetry, type OpenTelemetryOptions, type OpenTelemetryPlugin } from './open-telemetry.js';
