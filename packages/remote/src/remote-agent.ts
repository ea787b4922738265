import { defineAgent, type AgentDefinition, type Json, type Schema, type SchemaInput, type SchemaOutput } from '@taskloom/core';
import { jsonSchemaOf } from '@taskloom/core/internal';

import { callRemote } from './call-remote.js';
import { agentOptionsOf, parseRemoteAgentOptions, type RemoteAgentOptions } from './remote-agent-options.js';

/**
 * Defines an agent that works behind a URL. To the engine it is an agent like any other; docs/guides/remote-agents.md tells
 * what goes over the wire.
 *
 * @throws ConfigError with every option that is wrong; RemoteAgentError `EGRESS_BLOCKED`; TaskloomError `SCHEMA_NOT_JSON`
 */
export function remoteAgent<In extends Schema, Out extends Schema>(
  options: RemoteAgentOptions<In, Out>,
): AgentDefinition<SchemaInput<In>, SchemaOutput<Out>> {
  const settings = parseRemoteAgentOptions(options as unknown as RemoteAgentOptions<Schema, Schema>);
  const definition = defineAgent({
    ...agentOptionsOf(options as unknown as RemoteAgentOptions<Schema, Schema>),
    execute: (input, ctx) => callRemote(settings, input as Json, ctx),
  });
  // What is sent is the parsed input: it, too, must be JSON.
  jsonSchemaOf(options.input, 'output', `agent "${settings.name}", as it is sent,`);
  settings.callbacks?.register(settings.name, { keys: settings.keys, maxBytes: settings.maxResponseBytes });
  return definition;
}
