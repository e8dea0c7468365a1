import { isCheckpointError } from '../../core/error.ts';
import type { HttpServer } from '../../platform/httpClient.ts';
import type { ProcessRunner } from '../../platform/processRunner.ts';
import { socketAccess } from '../../platform/socketAccess.ts';
import { connectionFailure } from './incusErrors.ts';
import { getServer } from './incusRequests.ts';
import type { IncusTransport } from './incusTransport.ts';
import { createQueryTransport } from './queryTransport.ts';
import { createRestTransport } from './restTransport.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Which Incus, where it is not the one that the client would find. */
export interface IncusAddress {
  readonly server?: HttpServer;
  /** The group that may use Incus, for sessions that began before somebody became its member. */
  readonly group?: string;
}

const GROUP = 'incus-admin';
/** `sg` asks somebody who is no member for a password, and gives up after a second. */
const GROUP_PROBE_MS = 5000;

/**
 * A way to Incus: its socket, or where that is not allowed although the person is a member of the group, its client.
 * @throws CheckpointError `notInstalled`, `noPermission`.
 */
export async function connectIncus(
  runner: ProcessRunner,
  env: Environment,
  address: IncusAddress = {},
  signal?: AbortSignal,
): Promise<IncusTransport> {
  if (address.server !== undefined) {
    return createRestTransport(address.server);
  }
  const candidates = socketCandidates(env);
  const states = await Promise.all(candidates.map(socketAccess));
  const usable = candidates[states.indexOf('allowed')];
  if (usable !== undefined) {
    return createRestTransport({ socketPath: usable });
  }
  const denied = candidates[states.indexOf('denied')];
  if (denied === undefined) {
    throw connectionFailure(candidates[0] ?? '', 'ENOENT', undefined);
  }
  const viaGroup = createQueryTransport(runner, address.group ?? GROUP);
  try {
    await viaGroup.call(getServer(), { scope: { project: 'default' }, timeoutMs: GROUP_PROBE_MS, signal });
    return viaGroup;
  } catch (error) {
    if (isCheckpointError(error, 'cancelled')) {
      throw error;
    }
    throw connectionFailure(denied, 'EACCES', error);
  }
}

/** In the order in which the client itself looks (`client/util.go` of lxc/incus), the restricted socket last. */
export function socketCandidates(env: Environment): readonly string[] {
  const socket = env['INCUS_SOCKET'];
  if (socket) {
    return [socket];
  }
  const folder = env['INCUS_DIR'];
  if (folder) {
    return [`${folder}/unix.socket`, `${folder}/unix.socket.user`];
  }
  const standard = ['/run/incus', '/var/lib/incus'];
  return [...standard.map((place) => `${place}/unix.socket`), ...standard.map((place) => `${place}/unix.socket.user`)];
}
