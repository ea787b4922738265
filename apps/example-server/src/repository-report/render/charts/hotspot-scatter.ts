import { formatCount, formatPlural } from '../../format-number.js';
import type { Hotspot } from '../../report.js';
import { html, type Html } from '../html.js';
import { roomForName } from './room-for-name.js';
import { logScale } from './log-scale.js';

const HEIGHT = 340;
const RADIUS_MIN = 11;
const RADIUS_MAX = 26;
/** The hottest ones carry their name, where it meets no other bubble. */
const NAMED_MAX = 5;
const NAME_MAX_LENGTH = 32;

/**
 * Hotspots as bubbles: further right is changed more often, further up is longer, larger is hotter; the number is the row of the table below.
 * Both axes are logarithmic. Drawn in percent of the width, so that letters keep their size on every screen.
 */
export function hotspotScatter(hotspots: readonly Hotspot[]): Html {
  const spots = hotspots.filter(({ score }) => score > 0);
  const commits = logScale(spots.map((spot) => spot.commits));
  const lines = logScale(spots.map((spot) => spot.lines));
  const hottest = spots[0]?.score ?? 1;
  const x = (value: number): string => `${Number((100 * commits.at(value)).toFixed(2))}%`;
  const y = (value: number): number => Number((HEIGHT * (1 - lines.at(value))).toFixed(1));

  const grid = html`<g class="grid">
    ${commits.ticks.map((tick) => html`<line x1="${x(tick)}" x2="${x(tick)}" y1="0" y2="${HEIGHT}" />`)}
    ${lines.ticks.map((tick) => html`<line x1="0" x2="100%" y1="${y(tick)}" y2="${y(tick)}" />`)}
  </g>`;
  const labels = html`<g class="ticks">
    ${commits.ticks.map((tick) => html`<text x="${x(tick)}" y="${HEIGHT + 18}" text-anchor="middle">${formatCount(tick)}</text>`)}
    ${lines.ticks.map((tick) => html`<text x="-8" y="${y(tick) + 4}" text-anchor="end">${shortCount(tick)}</text>`)}
    <text class="axis" x="50%" y="${HEIGHT + 40}" text-anchor="middle">commits that changed it →</text>
    <text class="axis" x="0" y="-12" text-anchor="start">↑ lines</text>
  </g>`;
  // Hotter ones first, so that smaller bubbles lie on top of larger ones.
  const bubbles = spots.map((spot, index) => {
    const radius = RADIUS_MIN + (RADIUS_MAX - RADIUS_MIN) * Math.sqrt(spot.score / hottest);
    const title = `${spot.path}: ${formatPlural(spot.commits, 'commit')}, ${formatPlural(spot.lines, 'line')}`;
    return html`<g class="bubble">
      <title>${title}</title>
      <circle cx="${x(spot.commits)}" cy="${y(spot.lines)}" r="${Number(radius.toFixed(1))}" />
      <text x="${x(spot.commits)}" y="${y(spot.lines) + 4}" text-anchor="middle">${index + 1}</text>
    </g>`;
  });
  const places = spots.map((spot) => ({ x: commits.at(spot.commits), y: y(spot.lines) }));
  const names = spots.slice(0, NAMED_MAX).map((spot, index) => {
    const name = fileName(spot);
    const side = roomForName(name, index, places, RADIUS_MAX);
    return (
      side &&
      html`<text class="name" x="${x(spot.commits)}" y="${y(spot.lines) + side.dy}" dx="${side.dx}" text-anchor="${side.anchor}"
        >${name}</text
      >`
    );
  });
  const label = `Bubble chart of ${spots.length} hotspots by commits and lines; the table that follows has the same numbers.`;
  return html`<div class="plot">
    <svg class="scatter" width="100%" height="${HEIGHT}" role="img" aria-label="${label}">${grid}${labels}${names}${bubbles}</svg>
  </div>`;
}

function fileName({ path }: Hotspot): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.length <= NAME_MAX_LENGTH ? name : `${name.slice(0, NAME_MAX_LENGTH - 1)}…`;
}

/** 20000 → "20k". */
function shortCount(count: number): string {
  return count >= 1000 ? `${count / 1000}k` : String(count);
}
