import type { StoreInfo } from '../../src/core/backend.ts';
import { available, unavailable } from '../../src/core/capabilities.ts';
import { countChanges } from '../../src/core/change.ts';
import type { Checkpoint } from '../../src/core/checkpoint.ts';
import { CheckpointError, throwIfCancelled } from '../../src/core/error.ts';
import { Emitter } from '../../src/core/event.ts';
import { automaticName, freeName, NAME_RULE, nameFromLabel, normalizeLabel } from '../../src/core/label.ts';
import type { OperationContext } from '../../src/core/operationContext.ts';
import { NOW, type StatePoint } from '../../src/core/restorePlan.ts';
import type { RestoreLog, RestoreRecord } from '../../src/core/restoreLog.ts';
import type { Annotation, Capabilities, CheckpointStore, CreateRequest } from '../../src/core/store.ts';
import { MemoryFileAccess } from './memoryFileAccess.ts';
import { MemoryFileRestorer } from './memoryFileRestorer.ts';
import { difference, EMPTY_STATE, type MemoryState, MemoryWorkspace } from './memoryWorkspace.ts';

interface Held {
  readonly checkpoint: Omit<Checkpoint, 'changes' | 'coverage'>;
  readonly state: MemoryState;
}

export interface InMemoryStoreOptions {
  readonly id?: string;
  readonly label?: string;
  readonly workspace?: MemoryWorkspace;
  /** Milliseconds since 1970 of each checkpoint. */
  readonly now?: () => number;
}

/** A whole store in memory, over a folder in memory: what the application is tested with. It keeps every promise of the port. */
export class InMemoryStore implements CheckpointStore {
  readonly info: StoreInfo;
  readonly capabilities: Capabilities;
  readonly workspace: MemoryWorkspace;
  readonly restorer: MemoryFileRestorer;
  readonly #changed = new Emitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #now: () => number;
  readonly #seen = new Map<StatePoint, MemoryState>();
  /** Oldest first. */
  #held: readonly Held[] = [];
  #count = 0;

  constructor(options: InMemoryStoreOptions = {}) {
    this.#now = options.now ?? (() => Date.UTC(2025, 0, 1) + this.#count * 60_000);
    this.workspace = options.workspace ?? new MemoryWorkspace();
    this.info = {
      id: options.id ?? 'files',
      backend: 'shadowGit',
      label: options.label ?? 'This folder',
      state: 'ready',
      why: 'It is in memory.',
    };
    const stateAt = (point: StatePoint, covering?: string): MemoryState =>
      point === NOW
        ? this.workspace.capture(covering === undefined ? undefined : this.#get(covering).state)
        : (this.#seen.get(point) ?? this.#get(point).state);
    const see = (): StatePoint => {
      const point = `seen ${this.#seen.size}`;
      this.#seen.set(point, this.workspace.capture());
      return point;
    };
    this.restorer = new MemoryFileRestorer(this.workspace, stateAt);
    this.capabilities = {
      create: available(async (request, context) => this.#create(request, context)),
      files: available(new MemoryFileAccess(stateAt, see, () => this.#held.map(({ checkpoint }) => checkpoint.id))),
      restoreFiles: available(this.restorer),
      annotate: available(async (id, annotation) => this.#annotate(id, annotation)),
      delete: available(async (ids, context) => this.#delete(ids, context)),
      compact: available(async (ids, label, context) => this.#compact(ids, label, context)),
      maintain: unavailable('A store in memory needs no care.'),
      sandbox: unavailable('A store in memory is of no sandbox.'),
      keep: unavailable('These checkpoints are kept already.'),
    };
  }

  async list(): Promise<readonly Checkpoint[]> {
    return this.#held.map((held) => this.#show(held)).toReversed();
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #create(request: CreateRequest, context: OperationContext = {}): Checkpoint | undefined {
    throwIfCancelled(context.signal);
    const state = this.#stateFor(request);
    context.onProgress?.({ message: 'Reading files' });
    throwIfCancelled(context.signal);
    const same = this.#newestIfSame(state);
    if (same !== undefined && request.ifChanged === true) {
      return undefined;
    }
    if (same !== undefined && request.origin === 'safety' && same.checkpoint.origin !== 'safety') {
      return this.#show(same);
    }
    const held = this.#describe(request, state);
    this.#replace([...this.#held, held]);
    return this.#show(held);
  }

  #stateFor({ state, covering }: CreateRequest): MemoryState {
    if (state === undefined) {
      return this.workspace.capture(covering === undefined ? undefined : this.#get(covering).state);
    }
    const seen = this.#seen.get(state);
    if (seen === undefined) {
      throw new CheckpointError('notFound', 'The state that was seen is no longer there.');
    }
    return seen;
  }

  #newestIfSame(state: MemoryState): Held | undefined {
    const newest = this.#held.at(-1);
    return newest !== undefined && sameState(newest.state, state) ? newest : undefined;
  }

  #describe(request: CreateRequest, state: MemoryState): Held {
    const createdAt = new Date(this.#now());
    const label = normalizeLabel(request.label ?? '');
    const name = this.#nameFor(label, createdAt);
    this.#count += 1;
    return {
      state,
      checkpoint: {
        id: this.#count.toString(16).padStart(4, '0').split('').toReversed().join(''),
        store: this.info.id,
        backend: this.info.backend,
        name,
        label: label || name,
        note: request.note ?? '',
        createdAt: createdAt.toISOString(),
        exactTime: true,
        origin: request.origin,
        scope: ['workspace'],
        stateful: false,
        pinned: false,
        ...(request.pairId === undefined ? {} : { pairId: request.pairId }),
      },
    };
  }

  #annotate(id: string, annotation: Annotation): Checkpoint {
    const held = this.#get(id);
    const label = annotation.label === undefined ? undefined : normalizeLabel(annotation.label);
    if (label === '') {
      throw new CheckpointError('usage', 'A checkpoint needs a name.');
    }
    const named = label === undefined ? {} : { label, name: this.#nameFor(label, new Date(this.#now()), [id]) };
    const { note, pinned } = annotation;
    const checkpoint = {
      ...held.checkpoint,
      ...named,
      ...(note === undefined ? {} : { note }),
      ...(pinned === undefined ? {} : { pinned }),
    };
    const changed = { ...held, checkpoint };
    this.#replace(this.#held.map((each) => (each === held ? changed : each)));
    return this.#show(changed);
  }

  #delete(ids: readonly string[], context?: OperationContext): void {
    throwIfCancelled(context?.signal);
    const doomed = new Set(ids.map((id) => this.#get(id)));
    this.#replace(this.#held.filter((held) => !doomed.has(held)));
  }

  #compact(ids: readonly string[], label: string | undefined, context?: OperationContext): Checkpoint {
    throwIfCancelled(context?.signal);
    const chosen = new Set(ids.map((id) => this.#get(id)));
    const sources = this.#held.filter((held) => chosen.has(held));
    const newest = sources.at(-1);
    if (newest === undefined || sources.length < 2) {
      throw new CheckpointError('usage', 'Compacting takes at least two checkpoints.');
    }
    const pinned = sources.find(({ checkpoint }) => checkpoint.pinned);
    if (pinned !== undefined) {
      throw new CheckpointError('conflict', `The checkpoint "${pinned.checkpoint.label}" is pinned.`);
    }
    this.#count += 1;
    const title = normalizeLabel(label ?? '') || newest.checkpoint.label;
    const result: Held = {
      state: mergeStates(sources.map(({ state }) => state)),
      checkpoint: {
        ...newest.checkpoint,
        id: `c${this.#count.toString(16)}`,
        label: title,
        name: this.#nameFor(title, new Date(this.#now()), ids),
      },
    };
    const kept = this.#held.map((held) => (held === newest ? result : held));
    this.#replace(kept.filter((held) => !chosen.has(held)));
    return this.#show(result);
  }

  /** A given name that keeps the rule is refused when it is taken; one made from a title or the time gets a number. */
  #nameFor(label: string, time: Date, own: readonly string[] = []): string {
    const others = this.#held.filter(({ checkpoint }) => !own.includes(checkpoint.id));
    const holder = NAME_RULE.test(label) ? others.find(({ checkpoint }) => checkpoint.name === label) : undefined;
    if (holder !== undefined) {
      throw new CheckpointError('conflict', `The name "${label}" is taken.`, {
        details: { name: label, id: holder.checkpoint.id },
      });
    }
    return freeName(
      nameFromLabel(label) || automaticName(time),
      new Set(others.map(({ checkpoint }) => checkpoint.name)),
    );
  }

  #get(id: string): Held {
    const held = this.#held.find(({ checkpoint }) => checkpoint.id === id);
    if (held === undefined) {
      throw new CheckpointError('notFound', `There is no checkpoint "${id}".`);
    }
    return held;
  }

  #show(held: Held): Checkpoint {
    const before = this.#held[this.#held.indexOf(held) - 1]?.state ?? EMPTY_STATE;
    const changes = countChanges(difference(before, held.state));
    return { ...held.checkpoint, changes, coverage: { skipped: held.state.skipped } };
  }

  #replace(held: readonly Held[]): void {
    this.#held = held;
    this.#changed.fire();
  }
}

export function memoryRestoreLog(): RestoreLog {
  let records: readonly RestoreRecord[] = [];
  return {
    read: async () => records,
    update: async (change) => {
      records = change(records);
    },
  };
}

function sameState(a: MemoryState, b: MemoryState): boolean {
  const skips = (state: MemoryState): string => JSON.stringify(state.skipped);
  return difference(a, b).length === 0 && skips(a) === skips(b);
}

/** The newest state, with what it had to skip taken from the newest older one that holds it. */
function mergeStates(states: readonly MemoryState[]): MemoryState {
  const newest = states.at(-1) ?? EMPTY_STATE;
  const nodes = new Map(newest.nodes);
  const skipped = newest.skipped.filter(({ path }) => {
    const node = states.findLast((state) => state.nodes.has(path))?.nodes.get(path);
    if (node !== undefined) {
      nodes.set(path, node);
    }
    return node === undefined;
  });
  return { ...newest, nodes, skipped };
}
