import { assembleReport, type ReportParts } from '../assemble-report.js';
import type { PathTouches } from '../git/count-touches.js';
import { byLines, rankHotspots } from '../rank-files.js';
import type { Report } from '../report.js';
import { findRisks } from '../risks.js';
import { summariseHistory, summariseInventory, summariseRisks, writeSummary } from '../summary.js';

/** What is read from a repository; hotspots, risks and summary follow from it. */
export type ReportFacts = Omit<ReportParts, 'hotspots' | 'risks' | 'summary'> & { readonly touches: readonly PathTouches[] };

/** A report from what was read, without agents in between. */
export function reportFromFacts(facts: ReportFacts): Report {
  const { identity, inventory, history, touches } = facts;
  const deepLooks = [...facts.deepLooks].sort(byLines);
  const hotspots = rankHotspots(inventory.texts, touches);
  const risks = findRisks({
    inventory,
    deepLooks,
    commits: history?.commits ?? 0,
    authors: history?.authors ?? [],
    touches,
    hotspots,
    shallow: identity.shallow,
  });
  const stories = [summariseInventory(inventory), summariseHistory(history, identity.noHistoryReason), summariseRisks(hotspots, risks)];
  return assembleReport({ ...facts, hotspots, risks, summary: writeSummary(identity.name, stories) });
}
