import { CheckpointError } from '../../../core/error.ts';
import type { OperationContext } from '../../../core/operationContext.ts';
import type { ShadowRepository } from './shadowRepository.ts';

/** Throws `corrupt` unless the store has every object of this root tree. */
export async function requireComplete(
  repository: ShadowRepository,
  root: string,
  context?: OperationContext,
): Promise<void> {
  const missing = await missingObjects(repository, root, context);
  if (missing.length > 0) {
    throw new CheckpointError('corrupt', `The store lacks ${missing.length} objects of this checkpoint.`, {
      hint: 'Run the doctor to see which checkpoints are damaged; the others still work.',
      details: { objects: missing.slice(0, 20) },
    });
  }
}

/** The objects of a root tree that the store lacks (`git rev-list --missing=print`). */
async function missingObjects(
  repository: ShadowRepository,
  root: string,
  context?: OperationContext,
): Promise<string[]> {
  if ((await repository.objects.read(root)) === undefined) {
    return [root];
  }
  const { stdout } = await repository.git(['rev-list', '--objects', '--missing=print', '--no-object-names', root], {
    ...(context?.signal === undefined ? {} : { signal: context.signal }),
  });
  return stdout
    .toString('latin1')
    .split('\n')
    .flatMap((line) => (line.startsWith('?') ? [line.slice(1)] : []));
}
