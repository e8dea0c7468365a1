import type { OperationContext } from '../../core/operationContext.ts';
import type { IncusClient } from './incusClient.ts';
import { getPool, getPoolResources } from './incusRequests.ts';
import { poolResourcesSchema, poolSchema } from './incusWire.ts';
import type { PoolFacts } from './restorePreflight.ts';

export async function poolFacts(client: IncusClient, name: string, context?: OperationContext): Promise<PoolFacts> {
  const [{ driver, config }, { space }] = await Promise.all([
    client.read(getPool(name), poolSchema, context),
    client.read(getPoolResources(name), poolResourcesSchema, context),
  ]);
  return { name, driver, config, usedBytes: space.used, totalBytes: space.total };
}
