/** What a run's result depends on, on disk. */
export interface RunInputs {
  /** Every file that was read, absolute. */
  readonly files: readonly string[];
  /** Folders in which a new file would be part of the project. */
  readonly folders: readonly string[];
}
