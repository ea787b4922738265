import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

import { CASES } from './support/case-folders.js';

/** What the case `messages` is expected to come to; that it does is shown with the other projects. */
const folder = join(CASES, 'projects/messages/expected/schemas');

function schemaOf(file: string): object {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as object;
}

function validatorOf(file: string): (value: unknown) => boolean {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  formats.default(ajv);
  return ajv.compile(schemaOf(file)) as (value: unknown) => boolean;
}

const envelope = { id: 'm1', publishedBy: 't1', publishedAt: '2026-01-01T00:00:00Z' };
const message = (topic: string, payload: unknown): object => ({ topic, payload, ...envelope });

describe('schemas of messages and topics', () => {
  it('are JSON Schemas that a strict validator takes', () => {
    for (const file of readdirSync(folder)) expect([file, typeof validatorOf(file)]).toEqual([file, 'function']);
  });

  it('take a message of each topic with its payload, and nothing else', () => {
    const takes = validatorOf('keep-index.input.json');
    const entry = { name: 'src', children: [{ name: 'a', children: [] }, { name: 'b' }] };
    const broken = { name: 'src', children: [{ name: 1 }] };
    const accepted = [
      message('file:changed', { path: 'a', at: '2026-01-01T00:00:00Z' }),
      message('listed', { root: entry, first: entry }),
      message('tree', entry),
    ];
    const refused = [
      { path: 'a', at: '2026-01-01T00:00:00Z' },
      message('file:changed', entry),
      message('listed', { root: entry, first: broken }),
      message('tree', broken),
      message('said', 'a'),
      { ...accepted[2], id: undefined },
    ];
    expect([...accepted, ...refused].map((value) => takes(JSON.parse(JSON.stringify(value))))).toEqual([
      ...accepted.map(() => true),
      ...refused.map(() => false),
    ]);
  });

  it('are named apart, so that each can be told by its identifier', () => {
    const ids = readdirSync(folder).map((file) => (schemaOf(file) as { $id: string }).$id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain('urn:taskloom:topic:file:changed:payload');
  });
});
