import { describe, expect, it } from '@jest/globals';

import { reduceEdges } from './reduce-edges.js';

const edge = (text: string, mode = 'completed'): { from: string; to: string; mode: string } => ({ from: text[0]!, to: text[1]!, mode });

describe('edges of a drawing', () => {
  it('are those that do not follow from others', () => {
    expect(reduceEdges([edge('ab'), edge('bc'), edge('cd'), edge('ac'), edge('ad'), edge('xd')])).toEqual([
      edge('ab'),
      edge('bc'),
      edge('cd'),
      edge('xd'),
    ]);
  });

  it('keep other modes, and say nothing twice', () => {
    expect(reduceEdges([edge('ab'), edge('ab'), edge('bc'), edge('ac', 'settled'), edge('ab', 'when')])).toEqual([
      edge('ab'),
      edge('bc'),
      edge('ac', 'settled'),
      edge('ab', 'when'),
    ]);
  });

  it('come to an end where they go in circles', () => {
    expect(reduceEdges([edge('ab'), edge('ba')])).toHaveLength(2);
  });
});
