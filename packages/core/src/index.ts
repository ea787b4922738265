// What applications use.
export { defineAgent } from './authoring/agent-definition.js';
export type {
  AgentBody,
  AgentClass,
  AgentDefinition,
  AgentInputOf,
  AgentInstance,
  AgentOptions,
  AgentOutputOf,
  AgentReview,
  AgentReviewOptions,
  AgentTarget,
  AgentTypes,
  BatchAgentClass,
  BatchBody,
  FactoryBody,
  ReviewPredicate,
  SingleBody,
  TimeoutDecision,
  TimeoutPolicy,
  TimeoutReport,
} from './authoring/agent-definition.js';
export type { Answered, AskOptions } from './authoring/ask-options.js';
export type { BatchContext, BatchItem } from './authoring/batch-context.js';
export type { BatchOptions, BatchPolicy } from './authoring/batch-options.js';
export type { CacheOptions, CacheScopeName } from './authoring/cache-options.js';
export type { CacheScope, KeepOptions, SharedEntry, SharedState, TaskCache } from './authoring/context-state.js';
export type { RateOptions } from './authoring/demand-options.js';
export {
  Flow,
  PlacedTask,
  Story,
  type Awaitable,
  type FlowStep,
  type MapOptions,
  type PlacedStep,
  type PlacedSteps,
} from './authoring/flow.js';
export { definePubSubAgent, type GivenMessage, type PubSubAgentOptions } from './authoring/pubsub-agent.js';
export type { AnyRef, Ref, Refable } from './authoring/ref.js';
export type { Schema, SchemaInput, SchemaIssue, SchemaOutput } from './authoring/schema.js';
export type {
  DistilledContext,
  DistillOptions,
  NeedOptions,
  PublishOptions,
  SpawnOptions,
  TaskContext,
  TaskDigest,
  TaskLogger,
} from './authoring/task-context.js';
export { task, TaskDraft, type DraftReview } from './authoring/task-draft.js';
export { defineTopic, type TopicDefinition, type TopicInputOf, type TopicMessage, type TopicOptions } from './authoring/topic.js';
export { defineWorkflow } from './authoring/workflow-definition.js';
export type {
  PlanResult,
  WorkflowClass,
  WorkflowDefinition,
  WorkflowInputOf,
  WorkflowOptions,
  WorkflowOutputOf,
  WorkflowTarget,
  WorkflowTypes,
} from './authoring/workflow-definition.js';
export type {
  AddDependencyOptions,
  AnswerOptions,
  ControlOptions,
  Engine,
  JobChange,
  JobHandle,
  RecoveryReport,
  ResumeTaskOptions,
  RetryJobOptions,
} from './engine/contract.js';
export { createEngine } from './engine/engine.js';
export { ANY_AGENT, routeByRules, ROUTE_RULES, type RouteRule, type RouteRulesOptions } from './engine/route-by-rules.js';
export { definePlugin, type EnginePlugin, type PluginContribution, type PluginOptions } from './engine/define-plugin.js';
export type { EngineCacheOptions, EngineOptions, LimitOptions, NamedLimitOptions } from './engine/options.js';
export type { CircuitBreakerOptions, GuardOptions } from './engine/guard-options.js';
export type { MonitorOptions } from './engine/monitor-options.js';
export { PRESET_NAMES, type PresetName } from './engine/presets.js';
export type { EngineMetrics } from './engine/read-metrics.js';
export type { JobCost, StoryCost } from './engine/read-cost.js';
export type { JobProgress, OverallProgress, StoryProgress } from './engine/read-progress.js';
export type { JobReport, ReportOptions, TaskReport } from './engine/read-report.js';
export type { TaskRun } from './graph/job-runs.js';
export type { Redact, Redacted } from './engine/redact.js';
export type { RedactText } from './ledger/text-redactor.js';
export type { AgentChoiceView } from './engine/agent-choice.js';
export type { WhyView } from './engine/why.js';
export { ConfigError } from './errors/definition-errors.js';
export { ERROR_CODES, isErrorCode, type ErrorCategory, type ErrorCode } from './errors/error-codes.js';
export { GraphError, type GraphProblem } from './errors/graph-error.js';
export { DependencyError, DependencyFailedError } from './errors/job-errors.js';
export type { StoredError } from './errors/serialize-error.js';
export { FatalError, RetryableError, RetryAfterError } from './errors/steering-errors.js';
export { isTaskloomError, TaskloomError } from './errors/taskloom-error.js';
export type { TaskProgress } from './graph/progress.js';
export { GRAPH_DETAILS, GRAPH_FORMATS, type GraphDetail, type GraphFormat } from './graph/render-graph.js';
export type { BackoffKind } from './kernel/backoff.js';
export type { Duration, Moment } from './kernel/duration.js';
export type { Json, JsonObject } from './kernel/json.js';
export {
  REQUEST_KINDS,
  REQUEST_STATUSES,
  TIMEOUT_ACTIONS,
  type RequestKind,
  type RequestStatus,
  type TimeoutAction,
} from './model/human-request.js';
export { ALERT_KINDS, ALERT_LEVELS, type AlertFilter, type AlertKind, type AlertLevel, type AlertView } from './model/alert.js';
export { AGENT_CHOICES, type AgentChoice, type AgentRoute, type RouteDoubt, type RoutedBy } from './model/agent-choice.js';
export type { Cost } from './model/cost.js';
export type { EngineIdentity } from './model/engine-identity.js';
export { EVENT_TYPES, type EventType, type EventView } from './model/event.js';
export { isTerminalJob, JOB_STATUSES, type JobOptions, type JobStatus, type TaskCounts } from './model/job.js';
export type { AgentDemands, Rate, Resources, TaskDemands } from './model/demands.js';
export {
  MISSED_TICKS,
  OVERLAPS,
  type MissedTicks,
  type Overlap,
  type ScheduleOptions,
  type ScheduleTimes,
  type ScheduleView,
} from './model/schedule.js';
export type { DistributionView, NamedTaskMetrics, TaskMetrics } from './model/metrics.js';
export type { AgentRetryOptions, RetryClassifier, RetryOptions, RetryPolicy } from './model/retry-policy.js';
export type {
  InputSubmission,
  JobSubmission,
  MapSubmission,
  RefSubmission,
  ReviewSubmission,
  StepSubmission,
  TaskSubmission,
} from './model/submission.js';
export {
  ATTEMPT_REASONS,
  DEPENDENCY_MODES,
  DURABILITIES,
  FAILURE_STRATEGIES,
  isTerminalTask,
  STATUS_REASONS,
  TASK_STATUSES,
  TASK_TYPES,
  type AttemptReason,
  type DependencyMode,
  type Durability,
  type FailureStrategy,
  type Recovery,
  type ReviewPolicy,
  type StatusReason,
  type TaskOverrides,
  type TaskStatus,
  type TaskType,
} from './model/task.js';
export { JOB_ORDERS, TASK_ORDERS } from './model/views.js';
export type {
  AgentView,
  HumanRequestFilter,
  HumanRequestView,
  JobFilter,
  JobOrder,
  JobPageRequest,
  JobView,
  Page,
  PageRequest,
  TaskOrder,
  TaskPageRequest,
  PayloadView,
  TaskFilter,
  TaskView,
  WorkflowView,
} from './model/views.js';
export type { ConflictDecision, DependencyConflict, DependencyConflictHook } from './runtime/dependency-conflict.js';
export { WHY_CODES, type WhyCode } from './model/why.js';
export type { LimitGauge, LimitKind, LimitWait } from './ports/dispatcher.js';
export { consoleLogger, silentLogger, type Logger } from './ports/logger.js';
export type { CostReader, EngineReader, ExpiredJob, StoreReader, TaskAddress } from './ports/reader.js';
export {
  PLUGIN_API,
  type CancelRequest,
  type Plugin,
  type PluginAttempt,
  type PluginHooks,
  type SubmitRequest,
  type Veto,
} from './ports/plugin.js';
export type { RouteAnswer, RouteRequest, Router } from './ports/router.js';
export type { FailureQuestion, PluginPolicies, RetryRule } from './ports/policies.js';
export type { Summarizer, SummaryRequest } from './ports/summarizer.js';
export type { PostgresStoreOptions } from './store/postgres-store.js';
export type { SqliteStoreOptions } from './store/sqlite-store.js';
