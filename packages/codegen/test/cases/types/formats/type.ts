export interface Input {
  /** @format date-time */
  at: string;
  /** @format email */
  mail: string;
  /** @format uuid */
  id: string;
  /** @format uri */
  link: string;
}
