/** Contents of a store that the same checkpoints hold. */
export interface DiskPart {
  readonly bytes: number;
  /** Ids. Deleting all of these lets the store free the bytes, deleting fewer does not. */
  readonly holders: readonly string[];
}

/** What a store takes on the disk. */
export interface DiskUse {
  /** All files of the store, with what its next housekeeping will free. */
  readonly bytes: number;
  readonly parts: readonly DiskPart[];
}

/** The bytes that deleting each checkpoint alone would free, by id; those that free nothing are left out. */
export function bytesOfEach(parts: readonly DiskPart[]): ReadonlyMap<string, number> {
  const bytes = new Map<string, number>();
  for (const part of parts) {
    const [holder, ...others] = part.holders;
    if (holder !== undefined && others.length === 0) {
      bytes.set(holder, (bytes.get(holder) ?? 0) + part.bytes);
    }
  }
  return bytes;
}

/** What is left on the disk while checkpoints go and come back. */
export class RemainingBytes {
  readonly #partsOf = new Map<string, { bytes: number; holders: number }[]>();
  #bytes = 0;

  constructor(parts: readonly DiskPart[], holders: ReadonlySet<string>) {
    for (const part of parts) {
      const present = part.holders.filter((id) => holders.has(id));
      const counted = { bytes: part.bytes, holders: present.length };
      for (const id of present) {
        this.#partsOf.set(id, [...(this.#partsOf.get(id) ?? []), counted]);
      }
      this.#bytes += present.length === 0 ? 0 : part.bytes;
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  remove(id: string): void {
    for (const part of this.#partsOf.get(id) ?? []) {
      part.holders -= 1;
      this.#bytes -= part.holders === 0 ? part.bytes : 0;
    }
  }

  /** Takes back a removal. */
  putBack(id: string): void {
    for (const part of this.#partsOf.get(id) ?? []) {
      this.#bytes += part.holders === 0 ? part.bytes : 0;
      part.holders += 1;
    }
  }
}
