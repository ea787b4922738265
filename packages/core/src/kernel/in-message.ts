const MOST_CHARACTERS = 80;

/**
 * Whatever was given, as a message shows it: on one line, at most some 80 characters, texts in quotes. Never throws, whatever it
 * is: a message about a wrong value must not fail because of the value.
 */
export function inMessage(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return cut(JSON.stringify(shortened('', value)));
    case 'bigint':
      return cut(`${value}n`);
    case 'symbol':
      return cut(String(value));
    case 'function':
      return 'a function';
    case 'object':
      return value === null ? 'null' : cut(objectInMessage(value));
    default:
      return String(value);
  }
}

function objectInMessage(value: object): string {
  let kind = 'an object';
  try {
    // A revoked proxy throws whatever it is asked.
    if (Array.isArray(value)) kind = 'a list';
    if (value instanceof Date && Number.isNaN(value.getTime())) return 'an invalid date';
    const text: unknown = JSON.stringify(value, shortened);
    return typeof text === 'string' ? text : kind;
  } catch {
    return kind;
  }
}

/** More of a text is not shown, so no more is written: a very long one, escaped, would be too long for a text. */
function shortened(_key: string, value: unknown): unknown {
  return typeof value === 'string' && value.length > MOST_CHARACTERS ? value.slice(0, MOST_CHARACTERS + 1) : value;
}

function cut(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS).toWellFormed()}…`;
}
