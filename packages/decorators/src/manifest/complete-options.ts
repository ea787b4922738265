import { TaskloomError, type AgentOptions, type BatchOptions, type Schema, type WorkflowOptions } from '@taskloom/core';

import type { TaskAgentOptions } from '../task-agent.decorator.js';
import type { WorkflowDecoratorOptions } from '../workflow.decorator.js';
import type { Manifest } from './manifest.js';

/** The command that makes the manifest, as remedies name it. */
export const GENERATE_COMMAND = 'npx taskloom generate';

/**
 * An agent's options with the manifest's schemas in place of those the class left out. What the class gives stands.
 *
 * @throws TaskloomError `SCHEMA_MISSING` when a schema is in neither place
 */
export function completeAgentOptions(
  given: TaskAgentOptions<Schema, Schema>,
  manifest: Manifest | undefined,
  className: string,
): AgentOptions<Schema, Schema> & { readonly batch?: BatchOptions } {
  const entry = ownEntry(manifest?.agents, given.name);
  const missing = (side: 'input' | 'output'): TaskloomError =>
    schemaMissing(`agent ${JSON.stringify(given.name)} (class ${className})`, side, manifest, { agent: String(given.name), side });
  const input = given.input ?? entry?.input;
  if (!input) throw missing('input');
  const output = given.output ?? entry?.output;
  if (!output) throw missing('output');
  return { ...given, input, output };
}

/**
 * A workflow's options, completed like an agent's. A workflow may be without an output schema.
 *
 * @throws TaskloomError `SCHEMA_MISSING` when the input schema is in neither place
 */
export function completeWorkflowOptions(
  given: WorkflowDecoratorOptions<Schema, Schema>,
  manifest: Manifest | undefined,
  className: string,
): WorkflowOptions<Schema, Schema> {
  const entry = ownEntry(manifest?.workflows, given.name);
  const input = given.input ?? entry?.input;
  if (!input)
    throw schemaMissing(`workflow ${JSON.stringify(given.name)} (class ${className})`, 'input', manifest, {
      workflow: String(given.name),
      side: 'input',
    });
  const output = given.output ?? entry?.output;
  return output ? { ...given, input, output } : { ...given, input };
}

function ownEntry<Entry>(entries: { readonly [name: string]: Entry } | undefined, name: string): Entry | undefined {
  return entries && Object.hasOwn(entries, name) ? entries[name] : undefined;
}

function schemaMissing(
  owner: string,
  side: 'input' | 'output',
  manifest: Manifest | undefined,
  details: { readonly [key: string]: string },
): TaskloomError {
  const message = `The ${owner} gives no ${side} schema, ${manifest ? 'and the manifest has none for it' : 'and there is no manifest'}.`;
  const remedy = manifest
    ? `Run \`${GENERATE_COMMAND}\`, for the generated manifest is older than the class; or give \`${side}\` a schema.`
    : `Run \`${GENERATE_COMMAND}\` and pass its manifest, \`TaskloomModule.forRoot({ manifest })\`; or give \`${side}\` a schema.`;
  return new TaskloomError('SCHEMA_MISSING', message, { remedy, details });
}
