import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { type Capability, requireCapability } from '../../src/core/capabilities.ts';
import type { Change } from '../../src/core/change.ts';
import type { Checkpoint } from '../../src/core/checkpoint.ts';
import type { StatePoint } from '../../src/core/restorePlan.ts';
import type { Capabilities, CheckpointStore, CreateRequest, FileAccess } from '../../src/core/store.ts';
import type { TreeLiteral } from '../support/folderTree.ts';

/** The hands of somebody who works in the folder that a store holds. */
export interface WorkspaceEditor {
  write(tree: TreeLiteral): Promise<void>;
  remove(...paths: readonly string[]): Promise<void>;
  /** Changes the time of a file and nothing else. */
  touch(path: string): Promise<void>;
  /** The folder as the text of `renderFolder`. */
  render(): Promise<string>;
}

/** A new, empty store of a new, empty folder. All its checkpoints are made in the same millisecond. */
export interface StoreUnderTest {
  readonly store: CheckpointStore;
  readonly workspace: WorkspaceEditor;
  /** Opens the same store once more, as another window does; absent for a store that ends with its process. */
  readonly openAgain?: () => Promise<CheckpointStore>;
  dispose(): Promise<void>;
}

/** A row of the table: one more store that has to keep the promises. */
export interface StoreRow {
  readonly name: string;
  open(): Promise<StoreUnderTest>;
}

/**
 * States one promise. Where the store lacks one of the capabilities that the promise is about, what is tested is that it
 * says why.
 */
export type Promised = (
  title: string,
  needs: readonly (keyof Capabilities)[],
  body: (tested: Workbench) => Promise<void>,
) => void;

/** What the promises are written with. */
export class Workbench {
  readonly store: CheckpointStore;
  readonly workspace: WorkspaceEditor;
  readonly openAgain: (() => Promise<CheckpointStore>) | undefined;

  constructor(tested: StoreUnderTest) {
    this.store = tested.store;
    this.workspace = tested.workspace;
    this.openAgain = tested.openAgain;
  }

  use<Key extends keyof Capabilities>(key: Key): Capabilities[Key] extends Capability<infer Use> ? Use : never;
  use(key: keyof Capabilities): unknown {
    return requireCapability<unknown>(this.store.capabilities[key]);
  }

  get files(): FileAccess {
    return this.use('files');
  }

  async create(label?: string, request: Partial<CreateRequest> = {}): Promise<Checkpoint> {
    const named = label === undefined ? {} : { label };
    const checkpoint = await this.use('create')({ origin: 'manual', ...named, ...request });
    assert.ok(checkpoint !== undefined, 'nothing was created');
    return checkpoint;
  }

  /** Changes the folder, then creates. */
  async save(label: string, tree: TreeLiteral, ...removed: readonly string[]): Promise<Checkpoint> {
    await this.workspace.remove(...removed);
    await this.workspace.write(tree);
    return this.create(label);
  }

  async labels(): Promise<readonly string[]> {
    return (await this.store.list()).map(({ label }) => label);
  }

  async text(at: StatePoint, path: string): Promise<string> {
    return Buffer.from(await this.files.read(at, path)).toString('utf8');
  }

  /** A safety checkpoint as the application makes it before it goes back to `target`. */
  async safety(target: Checkpoint): Promise<Checkpoint> {
    return this.create('the state before', { origin: 'safety', covering: target.id });
  }

  /** Goes back to a checkpoint as the application does, and returns the report as text. */
  async restore(target: Checkpoint, ...paths: readonly string[]): Promise<string> {
    const restorer = this.use('restoreFiles');
    await restorer.check(target.id);
    const plan = await restorer.plan(target.id, (await this.safety(target)).id, paths);
    const { restored, deleted, failed } = await restorer.apply(plan);
    const lists = [restored.map((path) => `=${path}`), deleted.map((path) => `-${path}`)];
    return [...lists.flat().toSorted(), ...failed.map(({ path, reason }) => `failed ${path}: ${reason}`)].join(' ');
  }
}

const SIGNS = { added: '+', modified: '~', deleted: '-' } as const;

/** Changes as text: `+new ~changed -gone`. */
export function renderChanges(changes: readonly Change[]): string {
  return changes.map(({ kind, path }) => SIGNS[kind] + path).join(' ');
}

/** What is lacking of these capabilities; each lack must have a reason that people can read. */
export function missingCapabilities(
  capabilities: Capabilities,
  needs: readonly (keyof Capabilities)[],
): readonly string[] {
  return needs.filter((key) => {
    const capability = capabilities[key];
    if (!capability.available) {
      assert.match(
        capability.reason,
        /^\p{Lu}.+\.$/u,
        `the capability "${key}" is absent without a sentence that says why`,
      );
    }
    return !capability.available;
  });
}

/** Registers the promises of `parts` for one store. */
export function describeStore(row: StoreRow, parts: Readonly<Record<string, (promised: Promised) => void>>): void {
  describe(row.name, () => {
    const promised: Promised = (title, needs, body) => {
      it(title, async () => {
        const tested = await row.open();
        try {
          if (missingCapabilities(tested.store.capabilities, needs).length === 0) {
            await body(new Workbench(tested));
          }
        } finally {
          tested.store.dispose();
          await tested.dispose();
        }
      });
    };
    for (const [name, part] of Object.entries(parts)) {
      describe(name, () => part(promised));
    }
  });
}
