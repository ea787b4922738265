/** Text inside a quoted DOT string (https://graphviz.org/doc/info/lang.html): quotes, backslashes and line ends are escaped. */
export function escapeDot(text: string): string {
  return stripControls(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** Text inside a quoted Mermaid label: everything that Mermaid or the HTML it makes could read as syntax becomes an entity. */
export function escapeMermaid(text: string): string {
  return stripControls(text)
    .replaceAll('#', '#35;')
    .replaceAll('&', '#38;')
    .replaceAll('"', '#quot;')
    .replaceAll('<', '#lt;')
    .replaceAll('>', '#gt;')
    .replaceAll('`', '#96;')
    .replaceAll('\\', '#92;')
    .replaceAll('\n', '<br/>');
}

function stripControls(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(/\p{Cc}/gu, (control) => (control === '\n' ? control : ' '))
    .toWellFormed();
}

/** The beginning of a text, cut between characters. */
export function shorten(text: string, chars: number): string {
  const characters = [...text];
  return characters.length <= chars ? text : `${characters.slice(0, chars - 1).join('')}…`;
}

/** What a task is called in a picture: its name, or its key where the name is blank. */
export function nameOf({ name, key }: { readonly name: string; readonly key: string }): string {
  return name.trim() || key;
}
