/** When checkpoints of a folder are made without anybody asking. */
export interface AutomaticSettings {
  /** Minutes between a change and the checkpoint that holds it; 0 for none by time. */
  readonly everyMinutes: number;
  /** Whether what git is about to replace is kept. */
  readonly beforeGit: boolean;
  /** So many files that are deleted at once are kept; 0 for none. */
  readonly largeDeletion: number;
}

export const AUTOMATIC_OFF: AutomaticSettings = { everyMinutes: 0, beforeGit: false, largeDeletion: 0 };

export function isOff({ everyMinutes, beforeGit, largeDeletion }: AutomaticSettings): boolean {
  return everyMinutes === 0 && !beforeGit && largeDeletion === 0;
}
