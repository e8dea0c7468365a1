import { fileTimeline, type LocatedVersion } from '../../app/fileVersions.ts';
import { CheckpointError } from '../../core/error.ts';
import { type Call, type Command, operand, printLines } from '../command.ts';
import { checkpointJson } from '../json.ts';
import { shortId } from '../messages.ts';
import { ageText, localTime, sizeText, table, visible } from '../text.ts';

export const history: Command = {
  name: 'history',
  operands: 'PATH',
  summary: 'List the versions of a file, newest first',
  options: [],
  example: 'history src/main.ts',
  async run(call) {
    const path = operand(call, 0);
    const versions = await fileTimeline(call.stores, path, call.context);
    if (versions.length === 0) {
      throw new CheckpointError('notFound', `No checkpoint holds the file "${path}".`);
    }
    return {
      json: () => ({ path, versions: versions.map(versionJson) }),
      human: () => printLines(call, table(versions.map((version) => rowOf(version, call)))),
    };
  },
};

function versionJson({ checkpoint, version: { kind, entry } }: LocatedVersion) {
  const shown = entry && { type: entry.type, mode: entry.mode.toString(8), size: entry.size ?? null };
  return { checkpoint: checkpointJson(checkpoint), kind, entry: shown ?? null };
}

function rowOf({ checkpoint, version }: LocatedVersion, { terminal, now }: Call): string[] {
  const { id, createdAt, label } = checkpoint;
  const time = createdAt === undefined ? undefined : new Date(createdAt);
  const size = version.entry?.size;
  return [
    terminal.style('yellow', visible(shortId(id))),
    time === undefined ? '' : localTime(time),
    time === undefined ? '' : ageText(time, now),
    version.kind,
    size === undefined ? '' : sizeText(size),
    visible(label),
  ];
}
