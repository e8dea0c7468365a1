import { available, unavailable } from '../../src/core/capabilities.ts';
import type { StoreInfo, StoreState } from '../../src/core/backend.ts';
import type { Checkpoint } from '../../src/core/checkpoint.ts';
import { CheckpointError } from '../../src/core/error.ts';
import type { Sandbox, SandboxFinding, SandboxRestorer } from '../../src/core/sandbox.ts';
import { sandboxRefusal } from '../../src/core/sandboxRefusal.ts';
import type { Capabilities, CheckpointStore } from '../../src/core/store.ts';
import { InMemoryStore } from './inMemoryStore.ts';

export interface MemorySandboxOptions {
  readonly state?: StoreState;
  /** Besides the one of a sandbox that is not stopped. */
  readonly findings?: readonly SandboxFinding[];
  /** Whether its storage can only go back to the newest. */
  readonly onlyNewest?: boolean;
  /** What creating fails with. */
  readonly cannotCreate?: string;
}

const NOT_STOPPED: SandboxFinding = {
  severity: 'consent',
  code: 'notStopped',
  message: 'The container "c1" is running.',
};
const LATER: SandboxFinding = { severity: 'consent', code: 'laterCheckpoints', message: 'Later ones have to go.' };

/** A store of checkpoints of the sandbox "c1" in memory; what was done to the sandbox is in `trace`. */
export class MemorySandbox implements CheckpointStore {
  readonly trace: string[] = [];
  readonly capabilities: Capabilities;
  readonly #store = new InMemoryStore({ id: 'incus:c1', label: 'c1' });
  readonly onDidChange = this.#store.onDidChange;
  readonly #options: MemorySandboxOptions;
  #state: StoreState;

  constructor(options: MemorySandboxOptions = {}) {
    this.#options = options;
    this.#state = options.state ?? 'stopped';
    const { create, annotate, delete: remove } = this.#store.capabilities;
    const lacking = unavailable('It is a sandbox.');
    this.capabilities = {
      create: available(async (request, context) => {
        this.trace.push(`create ${request.origin} "${request.label}" while ${this.#state}`);
        if (options.cannotCreate !== undefined) {
          throw new CheckpointError('commandFailed', options.cannotCreate);
        }
        const made = create.available ? await create.use(request, context) : undefined;
        return made === undefined ? undefined : ofSandbox(made);
      }),
      annotate,
      delete: remove,
      files: lacking,
      restoreFiles: lacking,
      compact: lacking,
      maintain: lacking,
      sandbox: available(this.#sandbox()),
      keep: lacking,
    };
  }

  get info(): StoreInfo {
    return { ...this.#store.info, backend: 'incus', state: this.#state, why: 'It is in memory.' };
  }

  async list(): Promise<readonly Checkpoint[]> {
    return (await this.#store.list()).map(ofSandbox);
  }

  dispose(): void {
    this.#store.dispose();
  }

  #sandbox(): Sandbox {
    return {
      name: 'c1',
      describe: () => Promise.reject(new Error('nobody asks')),
      changeState: available(async (action) => {
        this.trace.push(action);
        this.#state = ({ start: 'running', stop: 'stopped', freeze: 'frozen', unfreeze: 'running' } as const)[action];
        return this.#state;
      }),
      restore: available(this.#restorer()),
      expiry: unavailable('Nothing expires in memory.'),
    };
  }

  #restorer(): SandboxRestorer {
    const plan: SandboxRestorer['plan'] = async (target) => {
      const ids = (await this.#store.list()).map(({ id }) => id);
      const later = this.#options.onlyNewest === true ? ids.slice(0, ids.indexOf(target)) : [];
      const { findings = [] } = this.#options;
      return {
        target,
        sandbox: 'c1',
        state: this.#state,
        drift: [],
        later,
        findings: [
          ...findings,
          ...(this.#state === 'stopped' ? [] : [NOT_STOPPED]),
          ...(later.length === 0 ? [] : [LATER]),
        ],
      };
    };
    return {
      plan,
      apply: async (target, consent) => {
        const planned = await plan(target);
        const refusal = sandboxRefusal(planned, consent);
        if (refusal !== undefined) {
          throw refusal;
        }
        const steps = Object.entries(consent).filter(([, agreed]) => agreed);
        this.trace.push(`restore ${target} (${steps.map(([name]) => name).join(', ')})`);
        return { target, state: this.#state, safetyCheckpoint: 'safe', deleted: planned.later, warnings: [] };
      },
    };
  }
}

function ofSandbox(held: Checkpoint): Checkpoint {
  const { changes: _, ...checkpoint } = held;
  return { ...checkpoint, backend: 'incus', scope: ['sandbox'] };
}
