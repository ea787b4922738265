const BLOCK = /^<!-- generated: (\S+)([^\n]*?) -->\n[\s\S]*?^<!-- \/generated -->$/gm;

/**
 * Fills the generated blocks of a page:
 *
 *     <!-- generated: name and arguments -->
 *     whatever `makers[name](...arguments)` gives
 *     <!-- /generated -->
 */
export async function fillBlocks(page, makers) {
  const blocks = [...page.matchAll(BLOCK)];
  const texts = await Promise.all(blocks.map(([, name, rest]) => makerOf(makers, name)(...rest.trim().split(/\s+/))));
  return page.replace(BLOCK, (_, name, rest) => `<!-- generated: ${name}${rest} -->\n\n${texts.shift()}\n\n<!-- /generated -->`);
}

function makerOf(makers, name) {
  const make = makers[name];
  if (!make) throw new Error(`nothing makes the generated block "${name}"; known are ${Object.keys(makers).join(', ')}`);
  return make;
}

/** A Markdown table. A cell's own bars and line ends are escaped. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
