import { z } from 'zod';

/** What we know about a snapshot that Incus has no field for. */
export interface SnapshotFacts {
  readonly label?: string | undefined;
  readonly origin?: 'manual' | 'auto' | 'agent' | 'safety' | undefined;
  readonly pinned?: boolean | undefined;
  readonly pairId?: string | undefined;
}

export interface SnapshotDescription {
  readonly note: string;
  readonly facts: SnapshotFacts;
}

/*
 * Kept in the description of the snapshot's volume: the note as people wrote it, then one line of ours. That description
 * survives rename, restore and copy. But a restore also gives it to the container's own volume, and from there it comes
 * to every snapshot made later: so our line names, by its time of creation, the snapshot that it is about.
 */
const LINE = /(?:^|\n)\[snapshot-timeline (\{[^\n]*\})\]$/;

const lineSchema = z.object({
  of: z.string(),
  label: z.string().optional(),
  origin: z.enum(['manual', 'auto', 'agent', 'safety']).optional(),
  pinned: z.boolean().optional(),
  pairId: z.string().optional(),
});

/** @param createdAt The snapshot's time of creation exactly as Incus gives it. */
export function formatDescription({ note, facts }: SnapshotDescription, createdAt: string): string {
  const line = `[snapshot-timeline ${JSON.stringify({ of: createdAt, ...facts })}]`;
  return note === '' ? line : `${note}\n${line}`;
}

export function parseDescription(description: string, createdAt: string): SnapshotDescription {
  const match = LINE.exec(description);
  const line = match === null ? undefined : lineSchema.safeParse(parseJson(match[1] ?? '')).data;
  if (match === null || line === undefined) {
    return { note: description, facts: {} };
  }
  const { of, ...facts } = line;
  return of === createdAt ? { note: description.slice(0, match.index), facts } : { note: '', facts: {} };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
