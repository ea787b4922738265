import { describe, expect, it } from '@jest/globals';
import { absolutePath } from './absolute-path.js';

describe('the place of a file', () => {
  it('is below the root', () => {
    expect(absolutePath('/work', 'src/a b\n.ts').toString()).toBe('/work/src/a b\n.ts');
    expect(absolutePath('/', 'etc').toString()).toBe('/etc');
  });

  it.each(['../up', 'a/../../b', '/etc/passwd', '', 'a//b', './a', 'a\0b'])('refuses %j', (path) => {
    expect(() => absolutePath('/work', path)).toThrow(expect.objectContaining({ code: 'PATH_OUTSIDE_ROOT' }));
  });
});
