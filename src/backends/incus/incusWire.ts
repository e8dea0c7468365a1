import { z } from 'zod';

/*
 * What Incus sends, as far as we read it. Sources: the REST API description and the type definitions in `shared/api` of
 * lxc/incus, and answers recorded from running daemons. Unknown fields are ignored: every release adds some.
 */

const settings = z.record(z.string(), z.string());
const devices = z.record(z.string(), settings);

export const snapshotSchema = z.object({
  name: z.string(),
  /** RFC 3339 with nanoseconds. The only thing about a snapshot that no rename changes. */
  created_at: z.string(),
  /** Year 1 stands for "never". */
  expires_at: z.string().optional(),
  stateful: z.boolean(),
  /** Bytes that only this snapshot takes; -1 where the driver does not know. */
  size: z.number().optional(),
  config: settings,
  devices,
  expanded_devices: devices,
});
export type WireSnapshot = z.infer<typeof snapshotSchema>;

export const instanceSchema = z.object({
  name: z.string(),
  project: z.string().default('default'),
  status: z.string(),
  type: z.string().default('container'),
  ephemeral: z.boolean(),
  /** Cluster member; "none" outside a cluster. */
  location: z.string().default('none'),
  config: settings,
  devices,
  expanded_config: settings,
  expanded_devices: devices,
  snapshots: z
    .array(snapshotSchema)
    .nullish()
    .transform((snapshots) => snapshots ?? []),
});
export type WireInstance = z.infer<typeof instanceSchema>;

export const instancesSchema = z.array(instanceSchema);

/** Of a pool's volumes: instances and, named `INSTANCE/SNAPSHOT`, their snapshots. */
export const volumesSchema = z.array(
  z.object({ name: z.string(), project: z.string().default('default'), description: z.string() }),
);

export const operationSchema = z.object({
  id: z.string(),
  /** `task`, or `websocket` and `token`, which wait for somebody: a command run in a container is one for its whole life. */
  class: z.string().default('task'),
  description: z.string().default(''),
  /** 100 to 199 while it goes on, 200 when it succeeded, 400 and above when not. */
  status_code: z.number(),
  resources: z
    .record(z.string(), z.array(z.string()).nullable())
    .nullish()
    .transform((resources) => resources ?? {}),
  err: z.string().default(''),
});
export type WireOperation = z.infer<typeof operationSchema>;

/** Operations by status in lower case. */
export const operationsSchema = z
  .record(z.string(), z.array(operationSchema))
  .nullish()
  .transform((byStatus) => byStatus ?? {});

export const serverSchema = z.object({
  auth: z.string(),
  api_extensions: z.array(z.string()),
  environment: z.object({ server_version: z.string(), server_clustered: z.boolean().default(false) }),
});

export const poolSchema = z.object({ driver: z.string(), config: settings });
export const poolResourcesSchema = z.object({ space: z.object({ used: z.number(), total: z.number() }) });

export const eventSchema = z.object({
  type: z.string(),
  project: z.string().optional(),
  metadata: z.unknown(),
});

export const lifecycleSchema = z.object({
  action: z.string(),
  source: z.string(),
  context: z.looseObject({ old_name: z.string().optional() }).nullish(),
});

/** The envelope of every answer. */
export const answerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('sync'), metadata: z.unknown() }),
  z.object({ type: z.literal('async'), metadata: z.unknown() }),
  z.object({ type: z.literal('error'), error: z.string(), error_code: z.number() }),
]);
