import { dirname, join } from 'node:path';
import { readTextIfThere } from '../../../platform/dataFiles.ts';
import { configurationFolder } from '../../../platform/homeFolder.ts';
import type { ShadowRepository } from '../git/shadowRepository.ts';
import { attributedPaths, configuredFiles } from './userRepository.ts';
import type { UserRepository } from './userRepository.ts';

/** Attributes with which git stores other bytes than are on disk, of any size. */
const REWRITING = ['filter', 'working-tree-encoding'];

/** Which of these paths have such an attribute in the user's repository. Git is only asked when a file of attributes names one. */
export async function filteredPaths(
  repository: ShadowRepository,
  user: UserRepository,
  paths: readonly string[],
): Promise<ReadonlySet<string>> {
  const { attributes } = await configuredFiles(user.top);
  const inTree = paths.filter((path) => path === '.gitattributes' || path.endsWith('/.gitattributes'));
  const files = [
    '/etc/gitattributes',
    attributes ?? join(configurationFolder(), 'git', 'attributes'),
    user.attributesFile,
    ...foldersBetween(user.top, repository.workspace).map((folder) => join(folder, '.gitattributes')),
    ...inTree.map((path) => join(repository.workspace, path)),
  ];
  const texts = await Promise.all(files.map((file) => readTextIfThere(file).catch(() => undefined)));
  const isNamed = texts.some((text) => REWRITING.some((attribute) => text?.includes(attribute)));
  return new Set(isNamed ? await attributedPaths(repository.runner, repository.workspace, REWRITING, paths) : []);
}

function foldersBetween(top: string, folder: string): string[] {
  return folder.length <= top.length || dirname(folder) === folder
    ? [top]
    : [...foldersBetween(top, dirname(folder)), folder];
}
