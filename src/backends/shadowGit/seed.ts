import type { OperationContext } from '../../core/operationContext.ts';
import type { Baseline } from './captureCache.ts';
import type { ShadowRepository } from './shadowRepository.ts';
import type { Surroundings } from './surroundings.ts';

export async function seedBaseline(
  _repository: ShadowRepository,
  _surroundings: Surroundings,
  _context: OperationContext,
): Promise<Baseline | undefined> {
  return undefined;
}
