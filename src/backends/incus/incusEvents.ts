import type { Disposable } from '../../core/disposable.ts';
import type { IncusClient } from './incusClient.ts';
import { eventSchema, lifecycleSchema, operationSchema } from './incusWire.ts';

/** Something that happened to an instance or its snapshots. */
export interface IncusEvent {
  readonly project: string;
  readonly instance: string;
  /** A lifecycle action of Incus as in `instance-snapshot-created`, or `operation` for one that ended. */
  readonly action: string;
  /** Of `instance-renamed`. */
  readonly oldName?: string;
}

export interface EventWatcher {
  onEvent(event: IncusEvent): void;
  /** The stream (again) runs: whatever happened before it did was not told, so everything must be read. */
  onConnected(): void;
  onLost(): void;
}

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 30_000;

/** Agents cause one of these for every command they run in a container. */
const NOISE = /"action":"(?:instance-exec|instance-console|instance-file|instance-log)/;

const INSTANCE_SOURCE = /^\/1\.0\/instances\/([^/?]+)/;
const VOLUME_SOURCE = /^\/1\.0\/storage-pools\/[^/]+\/volumes\/(?:container|virtual-machine)\/([^/?]+)/;

/** Tells what happens until disposed, over restarts of the daemon. */
export function watchIncus(client: IncusClient, watcher: EventWatcher): Disposable {
  let stream: Disposable | undefined;
  let disposed = false;
  let retryMs = FIRST_RETRY_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const lost = (): void => {
    if (disposed) {
      return;
    }
    watcher.onLost();
    timer = setTimeout(() => void connect(), retryMs);
    timer.unref();
    retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
  };
  const onMessage = (text: string): void => {
    for (const event of parseEvent(text)) {
      watcher.onEvent(event);
    }
  };
  const connect = async (): Promise<void> => {
    const opened = await client.listen({ onMessage, onEnd: lost }).catch(() => undefined);
    if (opened === undefined) {
      lost();
    } else if (disposed) {
      opened.dispose();
    } else {
      stream = opened;
      retryMs = FIRST_RETRY_MS;
      watcher.onConnected();
    }
  };
  void connect();
  return {
    dispose: () => {
      disposed = true;
      clearTimeout(timer);
      stream?.dispose();
    },
  };
}

/** What one message of the event stream tells; nothing where it is about something else. */
export function parseEvent(text: string): readonly IncusEvent[] {
  if (NOISE.test(text)) {
    return [];
  }
  const event = eventSchema.safeParse(parseJson(text)).data;
  const project = event?.project ?? 'default';
  if (event?.type === 'lifecycle') {
    return lifecycleEvent(project, event.metadata);
  }
  return event?.type === 'operation' ? operationEvents(project, event.metadata) : [];
}

function lifecycleEvent(project: string, metadata: unknown): readonly IncusEvent[] {
  const lifecycle = lifecycleSchema.safeParse(metadata).data;
  if (lifecycle === undefined) {
    return [];
  }
  const instance = (INSTANCE_SOURCE.exec(lifecycle.source) ?? VOLUME_SOURCE.exec(lifecycle.source))?.[1];
  const oldName = lifecycle.context?.old_name;
  return instance === undefined
    ? []
    : [{ project, instance, action: lifecycle.action, ...(oldName === undefined ? {} : { oldName }) }];
}

/** Only the end of an operation tells that a snapshot is complete, failed, or that memory was restored. */
function operationEvents(project: string, metadata: unknown): readonly IncusEvent[] {
  const operation = operationSchema.safeParse(metadata).data;
  if (operation === undefined || operation.status_code < 200) {
    return [];
  }
  const sources = Object.values(operation.resources).flatMap((paths) => paths ?? []);
  const instances = sources.flatMap((source) => INSTANCE_SOURCE.exec(source)?.[1] ?? []);
  return [...new Set(instances)].map((instance) => ({
    project,
    instance,
    action: 'operation',
  }));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
