import type { ThrowAwayDirectory } from '../../src/repository-report/testing/throw-away-repository.js';

export const textOf = (lines: number, text = 'let x = 1;'): string => `${text}\n`.repeat(lines);

/** Five files, four commits of two authors, one of them a merge, a marker, a binary file. */
export function fillSmallRepository(repository: ThrowAwayDirectory): ThrowAwayDirectory {
  repository.write('src/main.ts', `${textOf(30)}// TODO: name things\n`);
  repository.write('src/util/text.ts', textOf(12));
  repository.write('logo.png', Buffer.from([0x89, 0, 1, 2]));
  repository.write('README.md', '# Small\n\nno line end');
  repository.commit({ authoredAt: '2023-01-01T10:00:00Z' });
  repository.write('src/main.ts', `${textOf(40)}// TODO: name things\n`);
  repository.commit({ author: 'Grace', email: 'grace@example.com', authoredAt: '2024-03-01T10:00:00+02:00' });
  repository.git(['switch', '--quiet', '--create', 'side']);
  repository.write('src/side.py', textOf(5, 'x = 1'));
  repository.commit({ authoredAt: '2024-04-01T10:00:00Z' });
  repository.git(['switch', '--quiet', 'main']);
  repository.merge('side', { authoredAt: '2024-05-01T10:00:00Z' });
  return repository;
}
