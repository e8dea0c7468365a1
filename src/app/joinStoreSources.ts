import { Emitter, type Event } from '../core/event.ts';
import type { Disposable } from '../core/disposable.ts';
import type { StoreSource } from '../core/storeSource.ts';

/** Several sources as one; what the first of them lacks is told first. */
export function joinStoreSources(sources: readonly StoreSource[]): StoreSource {
  const changed = new Emitter<void>();
  let listening: readonly Disposable[] | undefined;
  const onDidChange: Event<void> = (listener) => {
    listening ??= sources.map((source) => source.onDidChange(() => changed.fire()));
    return changed.event(listener);
  };
  return {
    get stores() {
      return sources.flatMap(({ stores }) => stores);
    },
    get absence() {
      return sources.map(({ absence }) => absence).find((absence) => absence !== undefined);
    },
    onDidChange,
    dispose: () => {
      for (const part of [...(listening ?? []), changed, ...sources]) {
        part.dispose();
      }
    },
  };
}
