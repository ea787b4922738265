import { describe, expect, it } from '@jest/globals';
import { parseArguments, USAGE, UsageError } from './parse-arguments.js';

const CWD = '/home/ada/project';
const parse = (...args: readonly string[]): ReturnType<typeof parseArguments> => parseArguments(args, CWD);

describe('the command line', () => {
  it('reports on where one stands, serves, and chooses all the rest, when nothing is given', () => {
    expect(parse()).toEqual({
      root: CWD,
      outDir: `${CWD}/taskloom-report`,
      since: null,
      once: false,
      port: null,
      journal: null,
      audit: null,
    });
  });

  it('takes options and the path in any order', () => {
    const wanted = {
      root: '/repo',
      outDir: '/out',
      since: '2024-01-31',
      once: true,
      port: 0,
      journal: `${CWD}/starts.log`,
      audit: '/audit',
    };
    expect(
      parse('--once', '/repo', '--out', '/out', '--port', '0', '--since', '2024-01-31', '--journal', 'starts.log', '--audit', '/audit'),
    ).toEqual(wanted);
    expect(parse('--port=0', '--since=2024-01-31', '--journal=starts.log', '--audit=/audit', '--out=/out', '--once', '/repo')).toEqual(
      wanted,
    );
  });

  it('takes paths from where one stands', () => {
    expect(parse('../other', '--out', 'reports/today')).toMatchObject({ root: '/home/ada/other', outDir: `${CWD}/reports/today` });
    expect(parse('--', '--odd name')).toMatchObject({ root: `${CWD}/--odd name` });
  });

  it.each(['--help', '-h'])('shows its help on %s, whatever else is given', (option) => {
    expect(parse(option, '/a', '--port', '1')).toBe('help');
  });

  it('names every option in its help', () => {
    for (const option of ['--once', '--out', '--port', '--since', '--journal', '--audit', '--help']) expect(USAGE).toContain(option);
  });

  it.each([
    [['--port', 'http'], /--port http: .* 0 to 65535/],
    [['--port', '65536'], /65536/],
    [['--port=-1'], /-1/],
    [['--port', ''], /whole number/],
    [['--port', '4e3'], /4e3/],
    [['--port', ' 80'], / 80/],
    [['--since', '2 weeks ago'], /--since: "2 weeks ago".*2025-01-31/],
    [['--since', '2024-02-30'], /2024-02-30/],
    [['--bogus'], /--bogus/],
    [['--out'], /--out/],
    [['a', 'b'], /One path at most; these are 2: a, b/],
    [['--once=yes'], /--once/],
    [['--out', ''], /--out/],
    [['--audit', ''], /--audit/],
    [[''], /path/],
  ])('refuses %j with what is wrong', (args, message) => {
    expect(() => parse(...args)).toThrow(UsageError);
    expect(() => parse(...args)).toThrow(message);
  });
});
