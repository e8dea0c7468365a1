/** One way of keeping checkpoints, measured beside the others on the same tree. */
export interface Way {
  readonly name: string;
  /** The first checkpoint, into an empty store. */
  first(): Promise<void>;
  /** A further checkpoint. */
  capture(): Promise<void>;
  /** Marks the present state as what `restore` goes back to. */
  mark(): Promise<void>;
  /** Puts the files back to the marked state; `changed` are the paths that differ (some ways need to be told). */
  restore(changed: readonly string[]): Promise<void>;
  /** Throws the store away, for another first checkpoint. */
  reset(): Promise<void>;
}
