export interface Input {
  /** @default 3 */
  depth?: number;
  /** @default "a b" */
  text?: string;
  /** @default plain text */
  plain?: string;
  /** @default 'quoted' */
  quoted?: string;
  /** @default true */
  on?: boolean;
  /** @default ["a"] */
  list?: string[];
  /** @default {"x":1} */
  object?: { x: number };
  /** @defaultValue null */
  none?: string | null;
  /** @default high */
  level?: 'low' | 'high';
  /** @default 1 */
  digits?: string;
}
