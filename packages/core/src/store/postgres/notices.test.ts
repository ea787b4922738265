import { describe, expect, it } from '@jest/globals';

import type { JobNews, JobWrite } from '../../ports/store.js';
import { announcementOf, channelsOf, hear, noticesOf } from './notices.js';

const write = (jobId: string, lastSeq: number, status: JobWrite['row']['status'] = 'RUNNING'): JobWrite => ({
  jobId,
  expectedSeq: lastSeq - 1,
  token: 't',
  events: [],
  tasks: [],
  row: {
    status,
    success: null,
    generation: 1,
    lastSeq,
    startedAt: 0,
    finishedAt: 0,
    noteSeq: 0,
    wakeAt: null,
    counts: [],
    begun: true,
    requestCount: 0,
    work: null,
  },
});

function heard(texts: readonly string[], self = 'me'): { readonly news: JobNews[]; readonly kinds: string[] } {
  const found = { news: [] as JobNews[], kinds: [] as string[] };
  for (const text of texts)
    hear(text, self, {
      written: (news) => found.news.push(...news),
      announced: (what) => found.kinds.push(what),
      missed: () => undefined,
    });
  return found;
}

describe('notices of a commit', () => {
  it('tell where its jobs stand, however many, each short enough for the server', () => {
    const writes = Array.from({ length: 1_000 }, (_, no) => write(`${no}`.padStart(36, '-'), no + 1, no % 2 ? 'COMPLETED' : 'RUNNING'));
    const notices = noticesOf('somebody', writes);

    expect(notices.length).toBeGreaterThan(1);
    for (const notice of notices) expect(Buffer.byteLength(notice)).toBeLessThan(8_000);
    expect(heard(notices).news).toEqual(writes.map(({ jobId }, no) => ({ jobId, lastSeq: no + 1, ended: no % 2 === 1 })));
  });

  it('are nothing new to whoever sent them', () => {
    expect(heard([...noticesOf('me', [write('a', 1)]), announcementOf('me', 'alerts')])).toEqual({ news: [], kinds: [] });
  });

  it('stand beside those of entries', () => {
    expect(heard([announcementOf('you', 'schedules')]).kinds).toEqual(['schedules']);
  });

  it.each([
    '',
    'hello',
    'null',
    '{}',
    '[]',
    '["you"]',
    '["you",[["a"]]]',
    '["you",[null]]',
    '["you",[[1,2,0]]]',
    '["you","prices"]',
    '[7,[]]',
  ])('are nothing that anybody else says on the channel: %s', (text) => {
    expect(heard([text])).toEqual({ news: [], kinds: [] });
  });
});

describe('channels', () => {
  it('are of one schema, and have names that the server takes', () => {
    const { leader, others } = channelsOf('s'.repeat(63));

    expect(new Set([leader, others, ...Object.values(channelsOf('s'.repeat(62)))]).size).toBe(4);
    for (const name of [leader, others]) expect(name).toMatch(/^[a-z0-9_]{1,63}$/);
  });
});
