/** The token under which the engine is provided. For constructors `@InjectTaskloom()` says it shorter. */
export const TASKLOOM_ENGINE = Symbol.for('taskloom.engine');

/** {@link TASKLOOM_ENGINE}, in the form that NestJS's own modules give their tokens: `app.get(getTaskloomToken())`. */
export function getTaskloomToken(): symbol {
  return TASKLOOM_ENGINE;
}

/** @internal The module's options, checked and completed. */
export const PARSED_OPTIONS = Symbol.for('taskloom.parsed-options');
