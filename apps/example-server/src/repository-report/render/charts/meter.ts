import { html, type Html } from '../html.js';

/** Percent with two digits: enough for a screen, and the same everywhere. */
export function percent(part: number, whole: number): string {
  return whole <= 0 ? '0%' : `${Number(((100 * part) / whole).toFixed(2))}%`;
}

/**
 * A bar as long as `part` is of `whole`, and in it, darker, `inner` where given. The number stands beside it in the table, so the picture
 * itself stays silent to screen readers.
 */
export function meter(part: number, whole: number, inner?: number): Html {
  return html`<svg class="meter" width="100%" height="10" aria-hidden="true" focusable="false">
    <rect class="track" width="100%" height="10" rx="5" />
    ${part > 0 && html`<rect class="fill" width="${percent(part, whole)}" height="10" rx="5" />`}
    ${inner !== undefined && inner > 0 && html`<rect class="inner" width="${percent(inner, whole)}" height="10" rx="5" />`}
  </svg>`;
}
