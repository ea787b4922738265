interface DiagnosticCodeEntry {
  /** What happened, as a sentence without names or values. */
  readonly title: string;
  /** What the reader can do about it. */
  readonly remedy: string;
}

/** Everything the generator complains about, in one place. Codes that the engine also raises mean the same there. */
export const DIAGNOSTIC_CODES = {
  OPTION_INVALID: { title: 'An option has a value it cannot have.', remedy: 'Correct the command line or the configuration.' },

  // The project
  PROJECT_NOT_FOUND: { title: 'The tsconfig cannot be read.', remedy: 'Pass the path of a tsconfig.json with --project.' },
  PROJECT_INVALID: { title: 'The tsconfig is wrong.', remedy: 'Correct it until `tsc --noEmit` accepts it.' },
  SYNTAX_ERROR: { title: 'A source file cannot be parsed.', remedy: 'Correct the syntax; nothing is generated from half a file.' },

  // What is decorated
  CLASS_NOT_TOP_LEVEL: {
    title: 'A decorated class stands inside a function or block.',
    remedy: 'Move the class to the top level of its file.',
  },
  CLASS_WITHOUT_NAME: { title: 'A decorated class has no name.', remedy: 'Give the class a name.' },
  METHOD_MISSING: { title: 'A decorated class lacks the method its decorator needs.', remedy: 'Add the method the message names.' },
  OPTION_NOT_STATIC: {
    title: 'An option cannot be read without running the program.',
    remedy: 'Write it as a literal in the decorator, or as a constant with a literal type.',
  },
  NAME_INVALID: {
    title: 'A name breaks the rule for names.',
    remedy: 'Use 1 to 200 of the characters A-Z a-z 0-9 . _ : - and no prototype name.',
  },
  NAME_COLLISION: { title: 'Two names would become one in the generated files.', remedy: 'Rename one of the two.' },
  DUPLICATE_AGENT: { title: 'Two agents have the same name.', remedy: 'Rename one of them.' },
  DUPLICATE_TOPIC: {
    title: 'Two topics have the same name.',
    remedy: 'Rename one of them, or define it once and import it where it is published and subscribed.',
  },
  TOPICS_INVALID: {
    title: 'A list of topics holds something else.',
    remedy: 'List topics made by `defineTopic`: `subscribes: [Changed]`.',
  },
  DUPLICATE_WORKFLOW: { title: 'Two workflows have the same name.', remedy: 'Rename one of them.' },

  // Schemas that are given
  SCHEMA_NOT_STANDARD: {
    title: 'An `input` or `output` is no schema.',
    remedy: 'Use a schema that implements Standard Schema with JSON Schema (zod 4.2 or later does).',
  },
  SCHEMA_NOT_JSON: {
    title: 'A schema describes values that JSON cannot hold.',
    remedy: 'Use a JSON type in the schema (for example an ISO string instead of a Date) and convert inside the agent.',
  },
  EVALUATION_FAILED: {
    title: 'A module could not be loaded to read its schemas.',
    remedy: 'Schemas are read by importing the module of the class in a process of its own; it must load without the application running.',
  },
  EVALUATION_TIMEOUT: {
    title: 'A module took too long to load.',
    remedy:
      'Importing the module of a class must not wait for anything; start connections and servers elsewhere, or raise --evaluation-timeout.',
  },

  PLAN_NOT_DRAWN: {
    title: 'A plan could not be drawn for the documentation.',
    remedy: 'Plans are drawn by running `plan` on the example of the input, with nothing injected; let it depend on its input alone.',
  },

  // Types that schemas are derived from
  TYPE_ANY: { title: 'A type is `any`, which says nothing.', remedy: 'Write the type out, or `unknown` where any JSON value is meant.' },
  TYPE_UNRESOLVED: { title: 'A type cannot be resolved.', remedy: 'Correct it until `tsc --noEmit` accepts it.' },
  TYPE_FUNCTION: {
    title: 'A function has no JSON form.',
    remedy: 'Leave it out of the type; pass data, and call functions inside the agent.',
  },
  TYPE_SYMBOL: { title: 'A symbol has no JSON form.', remedy: 'Use a string literal instead.' },
  TYPE_UNDEFINED: { title: '`undefined` has no JSON form here.', remedy: 'Use `null`, or make the property optional.' },
  TYPE_NEVER: { title: 'No value fits the type.', remedy: 'Remove the property, or correct the type that made it impossible.' },
  TYPE_PARAMETER: { title: 'A type parameter stands for any type.', remedy: 'Name the type: schemas exist once, not for each call.' },
  TYPE_CLASS: {
    title: 'Instances of a class do not survive JSON.',
    remedy: 'Use an interface or a class with public properties only; what arrives is a plain object.',
  },
  TYPE_PROMISE: { title: 'A promise has no JSON form.', remedy: 'Await it before it becomes part of the value.' },
  TYPE_PLACED_TASK: { title: 'A task stands where its output belongs.', remedy: 'Return `task.out`, or a part of it.' },
  TYPE_UNSUPPORTED: { title: 'A type has no JSON form.', remedy: 'Use a plain object, list, text, number, boolean or null.' },
  BATCH_TYPES: {
    title: 'The types of `executeBatch` are not those of a batch.',
    remedy:
      'Write `executeBatch(inputs: readonly Input[]): Promise<readonly PromiseSettledResult<Output>[]>`, as `Promise.allSettled` gives it.',
  },
  TYPE_OVERLOADED: { title: 'A method has several signatures.', remedy: 'Give it one signature, or give the class schemas.' },
  TYPE_TOO_DEEP: {
    title: 'A type goes on without end.',
    remedy: 'Let the type refer to itself by name, with the same type arguments.',
  },
  TYPE_AMBIGUOUS: {
    title: 'A union cannot be told apart in JSON.',
    remedy: 'Give each member a literal property of its own (`kind: "a"`), or use one member only.',
  },
  TYPE_CIRCULAR: { title: 'A schema would be derived from itself.', remedy: 'Write the type out.' },
  TYPE_NOT_CONSTANT: { title: 'An enum member is computed.', remedy: 'Give every member a constant value.' },
  TAG_INVALID: {
    title: 'A documentation tag has a value it cannot have.',
    remedy: 'Correct the value; numbers and JSON are written as they are, `@default "text"`.',
  },
  TAG_MISPLACED: {
    title: 'A documentation tag says something its type cannot be.',
    remedy: 'Move the tag to a property it fits, or remove it.',
  },

  // Where files go
  OUTPUT_OUTSIDE: {
    title: 'A generated file would lie outside the output folder.',
    remedy: 'This is a defect of the emitter that named it.',
  },
  OUTPUT_NOT_WRITABLE: {
    title: 'The output folder cannot be written.',
    remedy: 'Check its permissions and the free space; nothing was changed.',
  },
  CODEGEN_STALE: { title: 'Generated files are not what the sources say.', remedy: 'Run the generator and commit what it writes.' },

  PLUGIN_FAILED: { title: 'A plugin threw an error.', remedy: 'Report it to the author of the plugin, or leave the plugin out.' },
  INTERNAL: { title: 'Something went wrong inside the generator.', remedy: 'Please report it with the class that caused it.' },
} as const satisfies Record<string, DiagnosticCodeEntry>;

export type DiagnosticCode = keyof typeof DIAGNOSTIC_CODES;
