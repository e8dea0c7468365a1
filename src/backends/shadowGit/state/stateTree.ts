import { CheckpointError } from '../../../core/error.ts';
import type { Entry } from '../../../core/change.ts';
import { fileMode, folderMode, foldersAroundEmpty, parseExtras, serializeExtras } from './extras.ts';
import type { Extras } from './extras.ts';
import { serializeTree } from '../git/gitObjects.ts';
import type { TreeEntry } from '../git/gitObjects.ts';
import type { ObjectReader } from '../git/objectReader.ts';
import type { ObjectWriter } from '../git/objectWriter.ts';

/** A captured state: what a root tree with the two entries `extras` and `workspace` holds. */
export interface State {
  readonly workspaceTree: string;
  readonly extras: Extras;
}

/** Throws `corrupt` when the root tree or its extras are missing or not what we write. */
export async function readState(objects: ObjectReader, root: string): Promise<State> {
  const entries = await objects.tree(root);
  const workspace = entries.find(({ name }) => name === 'workspace');
  const extras = entries.find(({ name }) => name === 'extras');
  if (workspace?.mode !== '40000' || extras === undefined) {
    throw new CheckpointError('corrupt', `The tree ${root} is not a captured state.`, { details: { object: root } });
  }
  return { workspaceTree: workspace.id, extras: await readExtras(objects, extras.id) };
}

async function readExtras(objects: ObjectReader, id: string): Promise<Extras> {
  const data = await objects.blob(id);
  try {
    return parseExtras(data);
  } catch (error) {
    throw new CheckpointError('corrupt', `The extras ${id} of a captured state cannot be read.`, {
      details: { object: id },
      cause: error,
    });
  }
}

/** Adds the root tree of a state and returns its id. */
export async function writeState(writer: ObjectWriter, state: State): Promise<string> {
  const extras = await writer.add('blob', serializeExtras(state.extras));
  return writer.add(
    'tree',
    serializeTree([
      { name: 'extras', mode: '100644', id: extras },
      { name: 'workspace', mode: '40000', id: state.workspaceTree },
    ]),
  );
}

/** What a path is in a captured state; undefined when it does not exist there. */
export async function entryAt(objects: ObjectReader, root: string, path: string): Promise<Entry | undefined> {
  const { workspaceTree, extras } = await readState(objects, root);
  const entry = await objects.find(workspaceTree, path);
  if (entry !== undefined) {
    return toEntry(entry, path, extras);
  }
  return foldersAroundEmpty(extras).has(path)
    ? { type: 'folder', mode: folderMode(extras, path), content: '' }
    : undefined;
}

/** A tree's entry in the words of the core, with the permission bits that the extras know. */
export function toEntry(entry: Pick<TreeEntry, 'mode' | 'id'>, path: string, extras: Extras): Entry | undefined {
  switch (entry.mode) {
    case '160000':
      // A link to another repository's commit, in a tree that another tool made: there is no content behind it.
      return undefined;
    case '40000':
      return { type: 'folder', mode: folderMode(extras, path), content: '' };
    case '120000':
      return { type: 'symlink', mode: 0o777, content: entry.id };
    default:
      return { type: 'file', mode: fileMode(extras, path, entry.mode === '100755'), content: entry.id };
  }
}
