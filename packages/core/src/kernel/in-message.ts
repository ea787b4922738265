const MOST_CHARACTERS = 80;

/**
 * Whatever was given, as a message shows it: on one line, at most some 80 characters, texts in quotes. Never throws, whatever it
 * is: a message about a wrong value must not fail because of the value.
 */
export function inMessage(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return cut(JSON.stringify(value));
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
  const kind = Array.isArray(value) ? 'a list' : 'an object';
  try {
    if (value instanceof Date && Number.isNaN(value.getTime())) return 'an invalid date';
    const text: unknown = JSON.stringify(value);
    return typeof text === 'string' ? text : kind;
  } catch {
    return kind;
  }
}

function cut(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS).toWellFormed()}…`;
}
