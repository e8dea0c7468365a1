import { join } from 'node:path';
import { z } from 'zod';
import { readJson, writeFileAtomic } from '../../platform/atomicFile.ts';
import type { IncusChoice } from './incusStores.ts';

const NOTHING_CHOSEN: IncusChoice = { container: '', project: '', socket: '' };

const schema = z.object({ format: z.literal(1), container: z.string(), project: z.string(), socket: z.string() });

/**
 * What was last chosen for a workspace folder, from `incus.json` in its data folder: how the command line knows what was set
 * in VS Code.
 */
export async function readIncusChoice(dataFolder: string): Promise<IncusChoice> {
  return schema.safeParse(await readJson(fileIn(dataFolder))).data ?? NOTHING_CHOSEN;
}

export async function writeIncusChoice(dataFolder: string, choice: IncusChoice): Promise<void> {
  const { container, project, socket } = choice;
  const file: z.infer<typeof schema> = { format: 1, container, project, socket };
  await writeFileAtomic(fileIn(dataFolder), `${JSON.stringify(file)}\n`);
}

function fileIn(dataFolder: string): string {
  return join(dataFolder, 'incus.json');
}
