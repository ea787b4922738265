import { RegExpParser } from '@eslint-community/regexpp';
import { analyse } from 'scslre';

/**
 * Whether a regular expression may take exponential time, as far as an analysis of repetitions can tell. It may miss some; a
 * pattern that is none is not slow.
 */
export function isSlowPattern(pattern: string): boolean {
  try {
    const literal = new RegExpParser().parseLiteral(`/${new RegExp(pattern, 'u').source}/u`);
    const { reports } = analyse({ pattern: literal.pattern, flags: literal.flags }, { reportTypes: { Move: false } });
    return reports.some(({ exponential }) => exponential);
  } catch {
    return false;
  }
}
