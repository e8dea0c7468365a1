/** How far an operation is. */
export interface Progress {
  /** What is being done, as a short phrase: "Reading files". */
  readonly message: string;
  readonly done?: number;
  /** Absent while the total is unknown. */
  readonly total?: number;
  /** Nothing is being done: another window or command has to end first. */
  readonly waiting?: boolean;
}

/** What every operation that may take time accepts: a way to stop it and a way to hear how far it is. */
export interface OperationContext {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}
