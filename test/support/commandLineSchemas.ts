import { z } from 'zod';

/** The documents of `checkpoints --json`, with no key more and none less. */
const counts = z.strictObject({ added: z.int(), modified: z.int(), deleted: z.int() });
const change = z.strictObject({ path: z.string(), kind: z.enum(['added', 'modified', 'deleted']) });
const ids = z.array(z.string());

const checkpoint = z.strictObject({
  id: z.string().min(1),
  store: z.string().min(1),
  backend: z.enum(['shadowGit', 'incus', 'capsem', 'dockerAgent']),
  name: z.string().min(1),
  label: z.string().min(1),
  note: z.string(),
  createdAt: z.iso.datetime().nullable(),
  origin: z.enum(['manual', 'auto', 'agent', 'safety', 'foreign']),
  scope: z.array(z.enum(['workspace', 'sandbox'])).min(1),
  stateful: z.boolean(),
  pinned: z.boolean(),
  pairId: z.string().nullable(),
  changes: counts.nullable(),
  coverage: z.enum(['complete', 'partial']),
  skipped: z.array(z.strictObject({ path: z.string(), reason: z.string(), size: z.int().nullable() })),
});

const capability = z.union([
  z.strictObject({ available: z.literal(true) }),
  z.strictObject({ available: z.literal(false), reason: z.string().min(1) }),
]);

const store = z.strictObject({
  id: z.string().min(1),
  backend: z.string(),
  label: z.string().min(1),
  state: z.enum(['ready', 'running', 'stopped', 'frozen', 'unavailable']),
  capabilities: z.record(z.string(), capability),
});

export const documents = {
  stores: z.strictObject({
    stores: z.array(store.extend({ why: z.string().min(1) }).strict()),
    absence: z.strictObject({ reason: z.string(), message: z.string() }).nullable(),
  }),
  list: z.strictObject({ stores: z.array(store), checkpoints: z.array(checkpoint) }),
  create: z.strictObject({ checkpoint: checkpoint.nullable(), created: z.boolean() }),
  show: z.strictObject({ checkpoint, changes: z.array(change) }),
  changes: z.strictObject({ from: z.string(), to: z.string(), changes: z.array(change) }),
  diff: z.strictObject({ from: z.string(), to: z.string(), diff: z.string() }),
  history: z.strictObject({
    path: z.string(),
    versions: z.array(
      z.strictObject({
        checkpoint,
        kind: z.enum(['added', 'modified', 'deleted']),
        entry: z.strictObject({ type: z.string(), mode: z.string(), size: z.int().nullable() }).nullable(),
      }),
    ),
  }),
  cat: z.strictObject({
    checkpoint: z.string(),
    path: z.string(),
    encoding: z.enum(['utf8', 'base64']),
    content: z.string(),
  }),
  report: z.strictObject({
    restored: z.array(z.string()),
    deleted: z.array(z.string()),
    failed: z.array(z.strictObject({ path: z.string(), reason: z.string() })),
    safetyCheckpoint: z.string().nullable(),
  }),
  annotated: z.strictObject({ checkpoint }),
  delete: z.strictObject({ deleted: ids, kept: ids }),
  compact: z.strictObject({ checkpoint, deleted: ids }),
  doctor: z.strictObject({
    findings: z.array(
      z.strictObject({
        severity: z.enum(['ok', 'warning', 'error']),
        code: z.string(),
        message: z.string(),
        repairable: z.boolean(),
      }),
    ),
  }),
  error: z.strictObject({
    error: z.strictObject({ reason: z.string(), message: z.string(), hint: z.string().nullable() }),
  }),
};
