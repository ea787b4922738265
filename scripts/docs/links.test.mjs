import { describe, expect, it } from '@jest/globals';
import { anchorsOf } from './links.mjs';

describe('the anchors of a page', () => {
  it('are its headings as GitHub writes them', () => {
    expect(anchorsOf('# Taskloom\n\n## A job’s graph\n\n### CONFIG_INVALID\n\n## `map`: one task each')).toEqual([
      'taskloom',
      'a-jobs-graph',
      'config_invalid',
      'map-one-task-each',
    ]);
  });

  it('are numbered where they repeat, and code has none', () => {
    expect(anchorsOf('# Twice\n\n```sh\n# no heading\n```\n\n# Twice')).toEqual(['twice', 'twice-1']);
  });
});
