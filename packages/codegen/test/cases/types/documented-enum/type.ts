/** What state it is in. */
export enum State {
  /** It waits. */
  Waiting = 'waiting',
  Done = 'done',
}
export interface Input { state: State }
