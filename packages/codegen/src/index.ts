export { DIAGNOSTIC_CODES, type DiagnosticCode } from './diagnostics/diagnostic-codes.js';
export { GeneratorError, sortDiagnostics, type Diagnostic, type Severity, type SourcePlace } from './diagnostics/diagnostic.js';
export { formatDiagnostics, type FormatOptions } from './diagnostics/format-diagnostics.js';
export { check, generate } from './generate/generate.js';
export { GeneratorSession, type GenerateResult } from './generate/generator-session.js';
export type { GenerateOptions } from './generate/options.js';
export type { EmittedFile, Emission, Emitter } from './emitter/emitter.js';
export { HEADER as GENERATED_HEADER } from './emitter/text/header.js';
export { jsonSchemaOfDocument } from './emitter/json-schema/document-json-schema.js';
export type { EmitterName } from './plugin/emitter-names.js';
export { defineGeneratorPlugin, type GeneratorPlugin } from './plugin/generator-plugin.js';
export type { TypePlace } from './reader/types/type-place.js';
export type { Direction, TypeRule, TypeWalk } from './reader/types/type-rule.js';
export type { Annotations } from './shape/annotations.js';
export type { AgentEntry, Catalog, CatalogEntry, TopicEntry, WorkflowEntry } from './shape/catalog.js';
export type { PlanDrawing, PlanGraph, PlannedDependency, PlannedTask } from './shape/plan-graph.js';
export { declaredExample, sampleOf } from './shape/sample.js';
export type { SchemaDocument } from './shape/schema-document.js';
export type {
  AnyShape,
  ArrayShape,
  BooleanShape,
  ConvertedShape,
  EnumShape,
  IntersectionShape,
  LiteralShape,
  LiveType,
  NeverShape,
  NullShape,
  NumberShape,
  ObjectShape,
  PropertyShape,
  RefShape,
  Shape,
  ShapeKind,
  StringShape,
  TupleShape,
  UnionShape,
} from './shape/shape.js';
