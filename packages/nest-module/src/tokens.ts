/** The token under which the engine is provided. For constructors `@InjectTaskloom()` says it shorter. */
export const TASKLOOM_ENGINE = Symbol.for('taskloom.engine');

/** @internal The module's options, checked and completed. */
export const PARSED_OPTIONS = Symbol.for('taskloom.parsed-options');
