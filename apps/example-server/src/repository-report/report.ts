import { z } from 'zod';
import { Todo } from './files/analyse-batch.js';
import { DeepLook } from './files/deep-look.js';
import { Author } from './git/read-history.js';
import { Since } from './git/since.js';

/** What the workflow `repository-report` is asked for. */
export const ReportInput = z
  .object({
    root: z.string().min(1).describe('The directory to report on, git or not.'),
    outDir: z.string().min(1).describe('Where report.json, report.md and report.html are written; made when absent.'),
    since: Since.optional(),
  })
  .meta({ examples: [{ root: '/home/you/project', outDir: '/home/you/project/taskloom-report' }] });

export type ReportInput = z.infer<typeof ReportInput>;

const count = z.number().int().nonnegative();

/** Where the report is from. */
export const ReportedRepository = z.object({
  name: z.string(),
  root: z.string().describe('Absolute path.'),
  commit: z.string().nullable(),
  branch: z.string().nullable(),
  generatedAt: z.iso.datetime().describe('The only value that differs between two reports over the same state.'),
  since: z.string().nullable().describe('From when on commits, authors and hotspots count; null for the whole history.'),
  subdirectory: z.string().nullable().describe('Where the root lies below the top of its repository; null at the top and without git.'),
});

export type ReportedRepository = z.infer<typeof ReportedRepository>;

export const Totals = z.object({
  files: count,
  lines: count.describe('Of text files.'),
  bytes: count,
  commits: count.describe('Reachable from HEAD, merges counted; of the whole repository, even when the report is over a part of it.'),
  authors: count,
  binaryFiles: count.describe('Those of `files` with a NUL byte in their first 8,000 bytes.'),
  unreadableFiles: count.describe('Those of `files` that could not be read. `languages` adds up to the files that are neither.'),
});

export type Totals = z.infer<typeof Totals>;

export const LanguageTotal = z.object({ language: z.string(), files: count, lines: count });

export type LanguageTotal = z.infer<typeof LanguageTotal>;

export const Hotspot = z.object({
  path: z.string(),
  commits: z.number().int().positive().describe('Commits that changed this path; merges left out, renames not followed.'),
  lines: count,
  score: count.describe('commits × lines'),
  authors: z.number().int().positive().describe('How many e-mail addresses made these commits.'),
  mainAuthor: z.string().describe('The address that made most of them.'),
});

export type Hotspot = z.infer<typeof Hotspot>;

export const LargestFile = z.object({ path: z.string(), lines: count, bytes: count });

export type LargestFile = z.infer<typeof LargestFile>;

export const Risk = z.object({
  level: z.enum(['high', 'medium', 'low']),
  title: z.string(),
  detail: z.string().describe('With the path and the number that make it a risk.'),
});

export type Risk = z.infer<typeof Risk>;

/**
 * The content of `report.json`. Names and orders are a contract: lists are ordered by their number, largest first, ties by path or e-mail in
 * byte order; paths are relative to the root, and one that is not valid UTF-8 shows each odd byte as `\xE9`.
 */
export const Report = z.object({
  repository: ReportedRepository,
  totals: Totals,
  languages: z.array(LanguageTotal).describe('By lines; text files only.'),
  authors: z.array(Author).describe('By commits.'),
  hotspots: z.array(Hotspot).max(20).describe('Existing text files by score.'),
  largestFiles: z.array(LargestFile).max(20).describe('Text files by lines.'),
  todos: z.array(Todo).describe('By path, then line.'),
  deepLooks: z.array(DeepLook).describe('One for each file above 2,000 lines, by lines.'),
  risks: z.array(Risk).describe('High ones first; empty when no rule applies.'),
  summary: z.string().max(1200),
});

export type Report = z.infer<typeof Report>;

/** What the workflow results in. */
export const ReportResult = z.object({
  files: z.object({ json: z.string(), markdown: z.string(), html: z.string() }).describe('Absolute paths of what was written.'),
  summary: z.string().max(1200),
  risks: count,
});

export type ReportResult = z.infer<typeof ReportResult>;
