/** A file from elsewhere. */
export interface SomeFile {
  path: string;
}
