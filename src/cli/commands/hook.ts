import { z } from 'zod';
import { HOOK_AGENTS, type HookAgent } from '../../agent/hookEvent.ts';
import { CheckpointError } from '../../core/error.ts';
import { appendLines, factsOf, removeFile } from '../../platform/dataFiles.ts';
import { dataRoot, openDataFolder } from '../../platform/dataFolder.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { type FolderlessCommand, operand, optionsOf } from '../command.ts';
import { folderWithCheckpoints, openFolder } from '../composition.ts';
import { receiveEvent } from '../hook/receiveEvent.ts';
import { recordQueue } from '../hook/recordQueue.ts';
import { TurnFiles } from '../hook/turnFiles.ts';

const options = z.object({ record: z.boolean().default(false) });

const LONGEST_LOG = 64 * 1024;

export const hook: FolderlessCommand = {
  name: 'hook',
  operands: '[AGENT]',
  summary: `Record the turns of an agent by its hooks (${HOOK_AGENTS.join(', ')})`,
  options: [{ flags: '--record', text: 'make the checkpoints of the events that wait; the command starts itself so' }],
  example: 'hook claude',
  async runAlone(given) {
    const { record } = optionsOf(given, options);
    if (record) {
      await recordEvents(given.directory);
      return;
    }
    await receiveEvent({
      agent: agentOf(operand(given, 0)),
      directory: given.directory,
      root: dataRoot(),
      folderOf: folderWithCheckpoints,
      worker: (folder) => [...process.execArgv, process.argv[1] ?? '', 'hook', '--record', '-C', folder],
    });
  },
};

function agentOf(name: string): HookAgent {
  const agent = HOOK_AGENTS.find((each) => each === name);
  if (agent === undefined) {
    throw new CheckpointError('usage', `There is no agent "${name}".`, {
      hint: `There are ${HOOK_AGENTS.join(', ')}.`,
    });
  }
  return agent;
}

/** Nobody sees the output of this process: what goes wrong is written to a file beside the queue. */
async function recordEvents(folder: string): Promise<void> {
  const { workspace, dataFolder } = await openDataFolder(folder, dataRoot(), systemClock.now());
  const files = new TurnFiles(dataFolder);
  const write = (message: string): void => void writeLog(files.log, message);
  const log: Log = { debug: () => undefined, info: () => undefined, warn: write, error: write };
  await recordQueue(
    files,
    async () => (await openFolder(workspace, log)).session,
    (error) => write(error instanceof Error ? error.message : String(error)),
  );
}

async function writeLog(file: string, message: string): Promise<void> {
  if (((await factsOf(file))?.size ?? 0) > LONGEST_LOG) {
    await removeFile(file);
  }
  await appendLines(file, `${systemClock.now().toISOString()} ${message}\n`);
}
