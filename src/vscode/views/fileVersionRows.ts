import { fileVersions } from '../../app/fileVersions.ts';
import type { OperationContext } from '../../core/operationContext.ts';
import type { OpenFolder } from '../openFolder.ts';
import type { VersionRow } from './rows.ts';

/** The versions of a file as rows, newest first. */
export async function fileVersionRows(
  open: OpenFolder,
  path: string,
  context?: OperationContext,
): Promise<readonly VersionRow[]> {
  const versions = await fileVersions(open.session.files, path, context);
  return versions.map((located, at) => ({
    kind: 'version',
    open,
    path,
    checkpoint: located.checkpoint,
    located,
    previous: versions[at + 1],
  }));
}
