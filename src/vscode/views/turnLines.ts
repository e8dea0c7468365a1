import { requireCapability } from '../../core/capabilities.ts';
import type { LineCounts } from '../../core/change.ts';
import { turnOfNote } from '../../core/agentTurn.ts';
import type { Checkpoint } from '../../core/checkpoint.ts';
import { isFile } from '../comparison.ts';
import type { OpenFolder } from '../openFolder.ts';

/** Counting takes a moment for each file. */
const MOST_FILES = 40;

/** How many lines each turn of an agent added and removed: counted when its row is shown for the first time. */
export class TurnLines {
  readonly #counts = new Map<string, LineCounts | undefined>();
  readonly #counted: (open: OpenFolder, checkpoint: Checkpoint) => void;

  constructor(counted: (open: OpenFolder, checkpoint: Checkpoint) => void) {
    this.#counted = counted;
  }

  /** Undefined while they are not known, and where they cannot be. */
  of(open: OpenFolder, checkpoint: Checkpoint): LineCounts | undefined {
    if (checkpoint.origin !== 'agent' || turnOfNote(checkpoint.note) === undefined) {
      return undefined;
    }
    if (!this.#counts.has(checkpoint.id)) {
      this.#counts.set(checkpoint.id, undefined);
      // A row without the numbers says enough.
      this.#count(open, checkpoint).catch(() => undefined);
    }
    return this.#counts.get(checkpoint.id);
  }

  async #count(open: OpenFolder, checkpoint: Checkpoint): Promise<void> {
    const before = open.previous(checkpoint);
    const changes = (await open.changesIn(checkpoint)).filter(isFile);
    if (before === undefined || changes.length > MOST_FILES) {
      return;
    }
    const files = requireCapability(open.storeOf(checkpoint).capabilities.files);
    let [insertions, deletions] = [0, 0];
    for (const { path } of changes) {
      const lines = await files.lineCounts(before.id, checkpoint.id, path);
      insertions += lines?.insertions ?? 0;
      deletions += lines?.deletions ?? 0;
    }
    this.#counts.set(checkpoint.id, { insertions, deletions });
    this.#counted(open, checkpoint);
  }
}
