import { describe, expect, it } from '@jest/globals';
import { samplesOf } from './samples.mjs';

const page = '# Title\n\n<!-- before the sample\ndeclare const x: number;\n-->\n```ts\nx.toFixed();\n```\n\n```sh\nls\n```\n';

describe('the samples of a page', () => {
  it('are its TypeScript blocks, each with what it takes for granted', () => {
    const [sample, ...rest] = samplesOf('page.md', page);
    expect(rest).toEqual([]);
    expect(sample.text).toBe('declare const x: number;\nx.toFixed();\n\nexport {};\n');
  });

  it('know their place: the line of the fence, and how many lines were put before the sample', () => {
    const [sample] = samplesOf('page.md', page);
    expect(sample).toMatchObject({ page: 'page.md', line: 6, lead: 1 });
  });
});
