import { requireCapability } from '../../core/capabilities.ts';
import type { Change } from '../../core/change.ts';
import type { Checkpoint } from '../../core/checkpoint.ts';
import { coverageKind, type SkippedPath } from '../../core/coverage.ts';
import { type Call, type Command, operand, printLines } from '../command.ts';
import { changesJson, checkpointJson } from '../json.ts';
import { skipText } from '../messages.ts';
import {
  ageText,
  changeLine,
  countsText,
  firstLines,
  localTime,
  sizeText,
  table,
  visible,
  visibleLines,
} from '../text.ts';

const MOST_PATHS = 20;

export const show: Command = {
  name: 'show',
  operands: 'CP',
  summary: 'Show a checkpoint: what it is, what it left out, what it changed',
  options: [],
  example: 'show @latest',
  async run(call) {
    const { checkpoint, store } = await call.find(operand(call, 0));
    const { files } = store.capabilities;
    const changes = files.available ? await requireCapability(files).changesIn(checkpoint.id, call.context) : [];
    return {
      json: () => ({ checkpoint: checkpointJson(checkpoint), changes: changesJson(changes) }),
      human: () => printLines(call, [...describe(checkpoint, call), ...changedLines(changes, checkpoint, call)]),
    };
  },
};

function describe(checkpoint: Checkpoint, { now }: Call): string[] {
  const { id, name, label, note, createdAt, origin, scope, pinned, coverage } = checkpoint;
  const time = createdAt === undefined ? undefined : new Date(createdAt);
  const skipped = coverage.skipped.length;
  const rows = [
    ['title', visible(label)],
    ['id', visible(id)],
    ['name', visible(name)],
    ['created', time === undefined ? 'unknown' : `${localTime(time, 'seconds')} (${ageText(time, now)})`],
    ['origin', origin],
    ['holds', scope.join(' and ')],
    ...(pinned ? [['pinned', 'yes']] : []),
    ...(note === '' ? [] : visibleLines(note).map((line, index) => [index === 0 ? 'note' : '', line])),
    ['coverage', skipped === 0 ? coverageKind(coverage) : `${coverageKind(coverage)}, ${skipped} left out:`],
  ];
  return [...table(rows), ...firstLines(coverage.skipped.map(skippedLine), MOST_PATHS)];
}

function skippedLine({ path, reason, size }: SkippedPath): string {
  return `  ${visible(path)}: ${skipText(reason)}${size === undefined ? '' : ` (${sizeText(size)})`}`;
}

function changedLines(changes: readonly Change[], { changes: counts }: Checkpoint, { terminal }: Call): string[] {
  const head = counts === undefined ? [] : [`changes   ${countsText(counts)} against the checkpoint before it`];
  const lines = changes.map((change) => `  ${changeLine(terminal, change)}`);
  return [...head, ...firstLines(lines, MOST_PATHS)];
}
