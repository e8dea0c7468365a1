import { join } from 'node:path';
import { z } from 'zod';
import { readJson, writeFileAtomic } from '../../../platform/atomicFile.ts';
import type { CaptureSettings } from './capture.ts';

export const DEFAULT_CAPTURE_SETTINGS: CaptureSettings = { maxUntrackedFileSize: 10 * 1024 * 1024, excludes: [] };

/** `null` stands for no limit, for which JSON has no number. */
const schema = z.object({
  format: z.literal(1),
  maxUntrackedFileSize: z.number().nonnegative().nullable(),
  excludes: z.array(z.string()),
});

/**
 * The settings that were last in force for a workspace folder, from `settings.json` in its data folder: how the command line
 * knows what was set in VS Code. The defaults when nothing was.
 */
export async function readCaptureSettings(dataFolder: string): Promise<CaptureSettings> {
  const parsed = schema.safeParse(await readJson(fileIn(dataFolder)));
  if (!parsed.success) {
    return DEFAULT_CAPTURE_SETTINGS;
  }
  const { maxUntrackedFileSize, excludes } = parsed.data;
  return { maxUntrackedFileSize: maxUntrackedFileSize ?? Infinity, excludes };
}

export async function writeCaptureSettings(dataFolder: string, settings: CaptureSettings): Promise<void> {
  const { maxUntrackedFileSize, excludes } = settings;
  const limit = Number.isFinite(maxUntrackedFileSize) ? maxUntrackedFileSize : null;
  const file: z.infer<typeof schema> = { format: 1, maxUntrackedFileSize: limit, excludes: [...excludes] };
  await writeFileAtomic(fileIn(dataFolder), `${JSON.stringify(file)}\n`);
}

function fileIn(dataFolder: string): string {
  return join(dataFolder, 'settings.json');
}
