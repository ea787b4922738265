import { html, type Html, type HtmlPart } from './html.js';

export interface Column<Row> {
  readonly head: HtmlPart;
  readonly cell: (row: Row, index: number) => HtmlPart;
  /** `name` heads its row; there is one such column. Numbers stand at the right, bars take the room that is left. */
  readonly kind: 'name' | 'number' | 'bar' | 'text';
  /** Left out on narrow screens: the column says nothing the others do not. */
  readonly isExtra?: boolean;
}

export interface Table<Row> {
  /** What the table shows; read aloud before it. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Rows beyond these fold away. */
  readonly openRows: number;
  /** What one row is, in the plural, for the line that folds the rest away. */
  readonly things: string;
}

/** A table for people: a caption, heads with a scope, and what goes beyond the first rows behind a line to open. */
export function htmlTable<Row>(table: Table<Row>): Html {
  const { caption, columns, rows, openRows, things } = table;
  // One or two rows more are no reason to hide them.
  const cut = rows.length <= openRows + 2 ? rows.length : openRows;
  const rest = rows.slice(cut);
  return html`${oneTable(caption, columns, rows.slice(0, cut), 0)}${
    rest.length > 0 &&
    html`<details class="more">
      <summary>${rest.length} more ${things}</summary>
      ${oneTable(`${caption} (continued)`, columns, rest, cut)}
    </details>`
  }`;
}

function oneTable<Row>(caption: string, columns: readonly Column<Row>[], rows: readonly Row[], firstIndex: number): Html {
  const heads = columns.map((column) => html`<th scope="col" class="${classOf(column)}">${column.head}</th>`);
  const body = rows.map((row, index) => {
    const cells = columns.map((column) => {
      const content = column.cell(row, firstIndex + index);
      return column.kind === 'name'
        ? html`<th scope="row" class="${classOf(column)}">${content}</th>`
        : html`<td class="${classOf(column)}">${content}</td>`;
    });
    return html`<tr>
      ${cells}
    </tr>`;
  });
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${heads}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}

function classOf(column: Column<never>): string {
  return column.isExtra === true ? `${column.kind} extra` : column.kind;
}
