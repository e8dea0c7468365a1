import type { RestoreOutcome, RestoreProposal, RestoreQuestions } from '../../src/app/restoreFiles.ts';
import { openSession, type WorkspaceSession } from '../../src/app/workspaceSession.ts';
import { available, requireCapability } from '../../src/core/capabilities.ts';
import type { Checkpoint, Origin } from '../../src/core/checkpoint.ts';
import type { RestorePlan } from '../../src/core/restorePlan.ts';
import type { CheckpointStore } from '../../src/core/store.ts';
import { NO_OTHER_STORES } from '../../src/core/storeSource.ts';
import { InMemoryStore, type InMemoryStoreOptions, memoryRestoreLog } from './inMemoryStore.ts';
import type { MemoryWorkspace } from './memoryWorkspace.ts';

/** A session over one in-memory store, with what the restore protocol did as lines in `trace`. */
export interface MemorySession {
  readonly session: WorkspaceSession;
  readonly store: InMemoryStore;
  readonly workspace: MemoryWorkspace;
  readonly trace: string[];
  readonly questions: RestoreQuestions;
  /** What the person answers. */
  readonly answers: { saveEditors: boolean; confirm: boolean };
  /** The last question that was asked. */
  readonly asked: () => RestoreProposal | undefined;
  create(label: string, origin?: Origin): Promise<Checkpoint>;
  /** Labels, newest first. */
  labels(): Promise<readonly string[]>;
}

export function openMemorySession(
  options: InMemoryStoreOptions = {},
  others: readonly CheckpointStore[] = [],
): MemorySession {
  const store = new InMemoryStore(options);
  const trace: string[] = [];
  const answers = { saveEditors: true, confirm: true };
  let proposal: RestoreProposal | undefined;
  const log = memoryRestoreLog();
  const session = openSession({
    folder: '/folder',
    files: traced(store, trace),
    others: { ...NO_OTHER_STORES, stores: others },
    restores: {
      read: () => log.read(),
      update: (change) => {
        trace.push('remember');
        return log.update(change);
      },
    },
  });
  return {
    session,
    store,
    workspace: store.workspace,
    trace,
    answers,
    asked: () => proposal,
    questions: {
      saveEditors: async (paths) => {
        trace.push(`save editors ${paths.join(' ') || 'of everything'}`);
        return answers.saveEditors;
      },
      confirm: async (asked) => {
        trace.push(`confirm ${renderPlan(asked.plan)}`);
        proposal = asked;
        return answers.confirm;
      },
    },
    create: async (label, origin = 'manual') => {
      const checkpoint = await requireCapability(store.capabilities.create)({ origin, label });
      if (checkpoint === undefined) {
        throw new Error('nothing was created');
      }
      return checkpoint;
    },
    labels: async () => (await store.list()).map((checkpoint) => checkpoint.label),
  };
}

/** The store with its steps of the restore protocol written to `trace`. */
function traced(store: InMemoryStore, trace: string[]): CheckpointStore {
  const { capabilities, restorer } = store;
  const tracedRestorer = {
    check: (...args: Parameters<typeof restorer.check>) => {
      trace.push('check');
      return restorer.check(...args);
    },
    plan: (...args: Parameters<typeof restorer.plan>) => {
      trace.push(`plan from ${args[1] === 'now' ? 'now' : 'the safety checkpoint'}`);
      return restorer.plan(...args);
    },
    apply: (...args: Parameters<typeof restorer.apply>) => {
      trace.push('apply');
      return restorer.apply(...args);
    },
    interrupted: () => restorer.interrupted(),
    recover: (...args: Parameters<typeof restorer.recover>) => restorer.recover(...args),
  };
  return {
    info: store.info,
    onDidChange: store.onDidChange,
    list: () => store.list(),
    dispose: () => store.dispose(),
    capabilities: {
      ...capabilities,
      restoreFiles: available(tracedRestorer),
      create: available((request, context) => {
        trace.push(`create ${request.origin} "${request.label}"`);
        return requireCapability(capabilities.create)(request, context);
      }),
      delete: available((ids, context) => {
        trace.push('delete');
        return requireCapability(capabilities.delete)(ids, context);
      }),
    },
  };
}

const SIGNS = { added: '+', modified: '~', deleted: '-' } as const;

/** A plan as text: `~a -b`, then what it leaves alone: `(kept c: skippedAtTarget)`. */
export function renderPlan(plan: RestorePlan): string {
  const steps = plan.steps.map(({ kind, path }) => SIGNS[kind] + path);
  const refused = plan.refused.map(({ path, why }) => `(kept ${path}: ${why.kind})`);
  return [...steps, ...refused].join(' ');
}

/** An outcome as text. */
export function renderOutcome(outcome: RestoreOutcome): string {
  if (!outcome.done) {
    return outcome.why;
  }
  const { restored, deleted, failed } = outcome.report;
  const parts = [
    ...restored.map((path) => `restored ${path}`),
    ...deleted.map((path) => `deleted ${path}`),
    ...failed.map(({ path, reason }) => `failed ${path}: ${reason}`),
  ];
  return parts.join(', ');
}
