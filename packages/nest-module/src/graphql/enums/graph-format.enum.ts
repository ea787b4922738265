import type { GraphFormat } from '@taskloom/core';

import { registerEnum } from './register-enum.js';

export const GraphFormatEnum = registerEnum<GraphFormat>('GraphFormat', "How a job's graph is written.", {
  DOT: 'The language of Graphviz.',
  MERMAID: 'A Mermaid flowchart.',
  JSON: 'JSON text with nodes and edges, for drawing it yourself.',
});
