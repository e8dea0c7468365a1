import type { Surface } from '../surface.ts';

export async function groupBySession(surface: Surface): Promise<void> {
  await surface.view.groupBySession(true);
}

export async function groupByDay(surface: Surface): Promise<void> {
  await surface.view.groupBySession(false);
}
