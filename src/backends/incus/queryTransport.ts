import type { Disposable } from '../../core/disposable.ts';
import { CheckpointError, isCheckpointError } from '../../core/error.ts';
import type { ProcessRunner } from '../../platform/processRunner.ts';
import { incusFailure } from './incusErrors.ts';
import { type IncusRequest, requestTarget } from './incusRequests.ts';
import type { EventListener, IncusScope, IncusTransport } from './incusTransport.ts';

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * The REST API through the client's `incus query`, for people whose membership in the group is newer than their session:
 * `sg` gives the client the group. Without a group the client is started directly.
 */
export function createQueryTransport(runner: ProcessRunner, group: string | undefined): IncusTransport {
  const running = new Set<Disposable>();
  return {
    place: group === undefined ? 'the incus client' : `the incus client in the group ${group}`,
    async call(request, { scope, timeoutMs, signal }) {
      const command = inGroup(queryCommand(request, scope), group);
      const limits = { timeoutMs, ...(signal === undefined ? {} : { signal }) };
      try {
        return parseOutput(request, (await runner.run({ ...command, ...limits })).stdout);
      } catch (error) {
        throw asFailure(request, error);
      }
    },
    async listen(scope, _timeoutMs, listener) {
      const stream = listen(runner, inGroup(monitorCommand(scope), group), listener);
      running.add(stream);
      return stream;
    },
    dispose: () => {
      for (const stream of running) {
        stream.dispose();
      }
    },
  };
}

export function queryCommand(request: IncusRequest, scope: IncusScope): Command {
  const data = request.body === undefined ? [] : ['-d', JSON.stringify(request.body)];
  return { command: 'incus', args: ['query', '-X', request.method, ...data, requestTarget(request, scope)] };
}

export function monitorCommand(scope: IncusScope): Command {
  const where = 'project' in scope ? ['--project', scope.project] : ['--all-projects'];
  return { command: 'incus', args: ['monitor', '--type=lifecycle', '--type=operation', '--format=json', ...where] };
}

/** `sg` hands its text to a shell, so every word is quoted. */
export function inGroup({ command, args }: Command, group: string | undefined): Command {
  if (group === undefined) {
    return { command, args };
  }
  const quoted = [command, ...args].map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`);
  return { command: 'sg', args: [group, '-c', quoted.join(' ')] };
}

/** The client prints nothing where the metadata is an empty object. */
function parseOutput(request: IncusRequest, stdout: Buffer): unknown {
  const text = stdout.toString('utf8').trim();
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch (error) {
    throw new CheckpointError('corrupt', `${request.what} failed: the answer of Incus was not understood.`, {
      cause: error,
    });
  }
}

function asFailure(request: IncusRequest, error: unknown): unknown {
  const stderr = isCheckpointError(error, 'commandFailed') ? error.details['stderr'] : undefined;
  if (typeof stderr !== 'string') {
    return error;
  }
  return incusFailure(request.what, stderr.trim().replace(/^Error: /, ''));
}

function listen(runner: ProcessRunner, command: Command, listener: EventListener): Disposable {
  const monitor = runner.start(command);
  let disposed = false;
  let rest = '';
  monitor.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    lines.filter((line) => line !== '').forEach((line) => listener.onMessage(line));
  });
  void monitor.ended.then(() => {
    if (!disposed) {
      listener.onEnd();
    }
  });
  return {
    dispose: () => {
      disposed = true;
      monitor.kill();
    },
  };
}
