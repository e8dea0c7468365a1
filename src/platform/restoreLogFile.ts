import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { RestoreLog, RestoreRecord } from '../core/restoreLog.ts';
import { writeFileAtomic } from './atomicFile.ts';
import { readTextIfThere } from './dataFiles.ts';
import { acquireFileLock } from './fileLock.ts';
import type { Log } from './log.ts';

/** The log is held for as long as it takes to replace a small file. */
const WAIT_MS = 30_000;

/** The restores of a workspace folder in `restores.json` of its data folder, shared by all windows and the command line. */
export function openRestoreLog(dataFolder: string, log: Log): RestoreLog {
  const path = join(dataFolder, 'restores.json');
  return {
    read: () => readRecords(path, log),
    async update(change) {
      const lock = await acquireFileLock(join(dataFolder, 'restores.lock'), { timeoutMs: WAIT_MS });
      try {
        const records = change(await readRecords(path, log));
        await writeFileAtomic(path, `${JSON.stringify({ format: 1, records })}\n`);
      } finally {
        await lock.release();
      }
    },
  };
}

/** A file that cannot be read as a log is put aside: not knowing what to undo must not keep anybody from restoring. */
async function readRecords(path: string, log: Log): Promise<readonly RestoreRecord[]> {
  const text = await readTextIfThere(path);
  const records = text === undefined ? [] : parseRecords(text);
  if (records !== undefined) {
    return records;
  }
  const aside = `${path}.corrupt`;
  // Another process may have done the same a moment ago.
  await rename(path, aside).catch(() => undefined);
  log.warn(`The list of earlier restores was damaged, so they cannot be undone by "undo". It was kept as ${aside}.`);
  return [];
}

function parseRecords(text: string): readonly RestoreRecord[] | undefined {
  try {
    const { format, records } = JSON.parse(text) as { format?: unknown; records?: unknown };
    return format === 1 && Array.isArray(records) && records.every(isRecord) ? records : undefined;
  } catch {
    return undefined;
  }
}

const TEXTS = ['id', 'store', 'target', 'targetLabel', 'safety', 'doneAt'] as const;

function isRecord(value: unknown): value is RestoreRecord {
  const { kind, paths, undoneFrom, ...texts } = (value ?? {}) as Partial<Record<keyof RestoreRecord, unknown>>;
  return (
    (kind === 'restore' || kind === 'revert') &&
    TEXTS.every((key) => typeof texts[key] === 'string') &&
    (undoneFrom === undefined || typeof undoneFrom === 'string') &&
    Array.isArray(paths) &&
    // Without paths an undo would mean the whole folder.
    paths.length > 0 &&
    paths.every((path) => typeof path === 'string' && path !== '')
  );
}
