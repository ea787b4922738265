// The entry `@taskloom/decorators/manifest`, for generated modules: it loads the JSON Schema validator, which nobody else needs.
export { manifestOf, type DerivedSchemas } from './manifest/manifest-of.js';
