/** What a subscription pushes, ready to be sent. */
export interface Pushed {
  /** The result as JSON, without secrets. */
  readonly text: string;
  /** Of `jobEvents`: the number of the event, from which to read on. */
  readonly seq: number | undefined;
}
