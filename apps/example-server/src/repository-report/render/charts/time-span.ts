import { html, type Html } from '../html.js';
import { percent } from './meter.js';

/** A stretch of time; milliseconds since 1970 UTC. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** Where a stretch lies within a longer one. The dates stand beside it in the table. */
export function timeSpan(span: TimeSpan, whole: TimeSpan): Html {
  const length = whole.to - whole.from;
  const start = length > 0 ? span.from - whole.from : 0;
  const width = length > 0 ? percent(span.to - span.from, length) : '100%';
  return html`<svg class="span" width="100%" height="10" aria-hidden="true" focusable="false">
    <line class="track" x1="0" x2="100%" y1="5" y2="5" />
    <rect class="fill" x="${percent(start, length)}" width="${width}" height="10" rx="3" />
    <circle class="fill" cx="${percent(start, length)}" cy="5" r="2.5" />
    <circle class="fill" cx="${length > 0 ? percent(span.to - whole.from, length) : '100%'}" cy="5" r="2.5" />
  </svg>`;
}
