import type { Command, FolderlessCommand } from './command.ts';
import { cat } from './commands/cat.ts';
import { changes } from './commands/changes.ts';
import { compact } from './commands/compact.ts';
import { create } from './commands/create.ts';
import { deleteCommand } from './commands/delete.ts';
import { diff } from './commands/diff.ts';
import { doctor } from './commands/doctor.ts';
import { history } from './commands/history.ts';
import { hook } from './commands/hook.ts';
import { keep } from './commands/keep.ts';
import { list } from './commands/list.ts';
import { mcp } from './commands/mcp.ts';
import { note } from './commands/note.ts';
import { pin, unpin } from './commands/pin.ts';
import { prune } from './commands/prune.ts';
import { redo } from './commands/redo.ts';
import { rename } from './commands/rename.ts';
import { restore } from './commands/restore.ts';
import { revert } from './commands/revert.ts';
import { show } from './commands/show.ts';
import { stores } from './commands/stores.ts';
import { undo } from './commands/undo.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly (Command | FolderlessCommand)[] = [
  stores,
  create,
  list,
  show,
  changes,
  diff,
  history,
  cat,
  restore,
  revert,
  undo,
  redo,
  rename,
  note,
  pin,
  unpin,
  keep,
  deleteCommand,
  compact,
  prune,
  doctor,
  mcp,
  hook,
];
