import type { Disposable } from '../../../core/disposable.ts';
import { Emitter } from '../../../core/event.ts';
import { watchFolder } from '../../../platform/folderWatcher.ts';
import type { Catalog } from './catalog.ts';

/** Tells that the list of checkpoints changed, whoever changed it: this store, another window or the command line. */
export class CatalogWatcher implements Disposable {
  readonly #emitter = new Emitter<void>();
  readonly #catalog: Catalog;
  readonly #watching: readonly Disposable[];
  #stamp: string;

  private constructor(catalog: Catalog, stamp: string, dataFolder: string) {
    this.#catalog = catalog;
    this.#stamp = stamp;
    // The journal is replaced as a whole at times, so its folder is watched. Other files change there too: hence the stamp.
    const folders = [catalog.refs.folder, dataFolder];
    this.#watching = folders.map((folder) => watchFolder(folder, () => void this.check().catch(() => undefined)));
  }

  static async start(catalog: Catalog, dataFolder: string): Promise<CatalogWatcher> {
    return new CatalogWatcher(catalog, await catalog.stamp(), dataFolder);
  }

  get event(): Emitter<void>['event'] {
    return this.#emitter.event;
  }

  /** Tells the listeners if something changed since they were last told. */
  async check(): Promise<void> {
    const stamp = await this.#catalog.stamp();
    if (stamp !== this.#stamp) {
      this.#stamp = stamp;
      this.#emitter.fire();
    }
  }

  dispose(): void {
    for (const watch of this.#watching) {
      watch.dispose();
    }
    this.#emitter.dispose();
  }
}
