/** A kind of holder of checkpoints. */
export type Backend = 'shadowGit' | 'incus' | 'capsem' | 'dockerAgent';

/** What state a store's holder is in. Only sandboxes have more than `ready`. */
export type StoreState = 'ready' | 'running' | 'stopped' | 'frozen' | 'unavailable';

/** Who a store is: enough to show it and to name it on the command line. */
export interface StoreInfo {
  /** Stable and unique among the stores of one workspace folder: the value of `--store`. */
  readonly id: string;
  readonly backend: Backend;
  /** What a person calls it: "This folder", a container's name, … */
  readonly label: string;
  readonly state: StoreState;
  /** Why it was detected here, as one sentence. */
  readonly why: string;
}
