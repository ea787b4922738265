import type { ClientBase } from 'pg';

import { eachText, postgres } from '../dialect/postgres.js';
import { grouped } from '../sql/grouped.js';
import type { Operation, Question, Session } from '../sql/operation.js';
import { paramsOf, typesOf, type Value } from '../sql/statement.js';
import { encodeArray } from './arrays.js';
import { encodeText } from './text-codec.js';

/** Runs operations on one connection. Errors are the driver's. */
export class ClientSession implements Session {
  constructor(private readonly client: ClientBase) {}

  async run<T>(operation: Operation<T>): Promise<T> {
    let next = operation.next();
    while (next.done !== true) next = operation.next(await this.answer(next.value));
    return next.value;
  }

  private async answer(question: Question): Promise<unknown> {
    switch (question.kind) {
      case 'rows':
        return (await this.ask(question.statement.name, postgres.textOf(question.statement), question.params.map(encoded))).rows;
      case 'change':
        return (await this.ask(question.statement.name, postgres.textOf(question.statement), question.params.map(encoded))).rowCount;
      case 'each': {
        const { statement, params } = question;
        const arrays = paramsOf(statement).map((type, index) => encodeArray(column(params, index), type));
        const { rows } = await this.ask(`each-${statement.name}`, eachText(statement), arrays);
        return grouped(rows as (object & { ask: number })[], params.length);
      }
      case 'write': {
        const { statement, params } = question;
        const arrays = typesOf(statement).map((type, index) => encodeArray(column(params, index), type));
        return (await this.ask(statement.name, postgres.rowText(statement), arrays)).rowCount;
      }
    }
  }

  private ask(
    name: string,
    text: string,
    values: readonly Value[],
  ): Promise<{ readonly rows: unknown[]; readonly rowCount: number | null }> {
    return this.client.query({ name: `taskloom-${name}`, text, values: values as Value[] });
  }
}

function encoded(value: Value): Value {
  return typeof value === 'string' ? encodeText(value) : value;
}

function column(rows: readonly (readonly Value[])[], index: number): Value[] {
  return rows.map((row) => row[index]!);
}
