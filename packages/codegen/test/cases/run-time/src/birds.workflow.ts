import type { Flow } from '@taskloom/core';
import { Workflow } from '@taskloom/decorators';

import type { Sighting } from './agents.js';
import { describe, lastSeen } from './generated/taskloom.generated.js';

@Workflow({ name: 'birds' })
export class Birds {
  plan(flow: Flow, input: { sightings: Sighting[]; from: Date }) {
    // The input of a workflow is live too, and a builder takes JSON.
    const sightings = input.sightings.map((sighting) => ({ ...sighting, at: sighting.at.toISOString() }));
    const seen = flow.add(lastSeen({ sightings }).retry(2).priority(8));
    const text = flow.add(describe({ since: input.from.toISOString(), birds: seen.out.birds }));
    return { text: text.out.text, last: seen.out.at, total: seen.out.total };
  }
}
