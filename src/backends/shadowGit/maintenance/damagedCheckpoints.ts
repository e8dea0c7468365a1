import type { OperationContext } from '../../../core/operationContext.ts';
import type { JournalLine } from '../checkpoints/journalLine.ts';
import type { ShadowRepository } from '../git/shadowRepository.ts';

/** `git fsck` adds up one bit per kind of trouble. */
const ANY_FSCK_RESULT = Array.from({ length: 128 }, (_, code) => code);
const OBJECT_ID = /(?<!pack-)\b[0-9a-f]{40}\b/g;

/** The checkpoints of which at least one object is missing or unreadable. Reads everything that the store holds. */
export async function damagedCheckpoints(
  repository: ShadowRepository,
  checkpoints: readonly JournalLine[],
  context?: OperationContext,
): Promise<JournalLine[]> {
  const signal = context?.signal === undefined ? {} : { signal: context.signal };
  context?.onProgress?.({ message: 'Checking every object' });
  const fsck = await repository.git(['fsck', '--full', '--no-dangling', '--no-reflogs', '--no-progress'], {
    okExitCodes: ANY_FSCK_RESULT,
    ...signal,
  });
  if (fsck.exitCode === 0) {
    return [];
  }
  const unreadable = await unreadableOf(repository, fsck.stdout.toString('latin1') + fsck.stderr);
  const damaged: JournalLine[] = [];
  for (const [done, line] of checkpoints.entries()) {
    context?.onProgress?.({ message: 'Looking for damaged checkpoints', done, total: checkpoints.length });
    if (await isDamaged(repository, line, unreadable, signal)) {
      damaged.push(line);
    }
  }
  return damaged;
}

/** The objects that a report of fsck names and that really cannot be read: it names sound ones that link to them as well. */
async function unreadableOf(repository: ShadowRepository, report: string): Promise<Set<string>> {
  const unreadable = new Set<string>();
  for (const id of new Set(report.match(OBJECT_ID))) {
    if (!(await isReadable(repository, id))) {
      unreadable.add(id);
    }
  }
  return unreadable;
}

async function isReadable(repository: ShadowRepository, id: string): Promise<boolean> {
  return repository.objects.read(id).then(
    (object) => object !== undefined,
    () => false,
  );
}

async function isDamaged(
  repository: ShadowRepository,
  { commit, root }: JournalLine,
  unreadable: ReadonlySet<string>,
  options: { readonly signal?: AbortSignal },
): Promise<boolean> {
  if (!(await isReadable(repository, commit)) || !(await isReadable(repository, root))) {
    return true;
  }
  try {
    const args = ['rev-list', '--objects', '--no-object-names', '--missing=print', root];
    const { stdout } = await repository.git(args, options);
    return stdout
      .toString('latin1')
      .split('\n')
      .some((line) => line.startsWith('?') || unreadable.has(line));
  } catch (error) {
    if (options.signal?.aborted) {
      throw error;
    }
    return true;
  }
}
