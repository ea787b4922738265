export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly help: string;
  readonly type: string;
  readonly samples: readonly Sample[];
}

const COMMENT = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (NaN|[+-]?Inf|[-+0-9.eE]+)$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"(?:,|$)/gy;
const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'untyped'];

/** Reads a page in Prometheus' text format, version 0.0.4; throws where a line is not of it, or out of its place. */
export function parseExposition(page: string): ReadonlyMap<string, Family> {
  if (!page.endsWith('\n')) throw new Error('the last line has no end');
  const families = new Map<string, { help: string; type: string; samples: Sample[] }>();
  for (const line of page
    .slice(0, -1)
    .split('\n')
    .filter((one) => one !== '')) {
    const comment = COMMENT.exec(line);
    if (comment) {
      const [, what, name, text] = comment as unknown as [string, string, string, string];
      const family = families.get(name) ?? { help: '', type: '', samples: [] };
      if (family.samples.length > 0) throw new Error(`${what} of ${name} stands after its samples`);
      if (what === 'TYPE' && !TYPES.includes(text)) throw new Error(`${name} has the type ${text}`);
      families.set(name, { ...family, ...(what === 'HELP' ? { help: text } : { type: text }) });
      continue;
    }
    const sample = SAMPLE.exec(line);
    if (!sample) throw new Error(`no sample: ${line}`);
    const [, name, labels = '', value] = sample as unknown as [string, string, string | undefined, string];
    const family = families.get(name) ?? families.get(name.replace(/_(?:bucket|sum|count)$/, ''));
    if (!family) throw new Error(`${name} has no TYPE`);
    family.samples.push({ name, labels: parseLabels(labels), value: value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value) });
  }
  return families;
}

function parseLabels(text: string): Record<string, string> {
  const found = [...text.matchAll(LABEL)];
  if (found.map(([whole]) => whole).join('') !== text) throw new Error(`no labels: ${text}`);
  return Object.fromEntries(
    found.map(([, name, value]) => [name!, value!.replaceAll(/\\(.)/g, (_, one: string) => (one === 'n' ? '\n' : one))]),
  );
}
