import { defineTopic } from '@taskloom/core';
import { z } from 'zod';

export const Changed = defineTopic({
  name: 'file:changed',
  description: 'A file is not what it was.',
  payload: z.object({ path: z.string().min(1), at: z.iso.datetime().transform((text) => new Date(text)) }),
});

const Entry = z.object({
  name: z.string(),
  get children() {
    return z.array(Entry).optional();
  },
});

/** Refers to itself, and to a definition. */
export const Listed = defineTopic({ name: 'listed', payload: z.object({ root: Entry, first: Entry }) });

export const Tree = defineTopic({ name: 'tree', payload: Entry });

export const Said = defineTopic({ name: 'said', payload: z.string() });
