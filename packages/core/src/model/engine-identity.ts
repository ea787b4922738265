/** Which engine it was: of two with one name, as before and after a restart, the id tells them apart. */
export interface EngineIdentity {
  /** Its own, new with each engine that is made. */
  readonly id: string;
  /** What people call it: the option `name`, else what the machine is called. */
  readonly name: string;
}
