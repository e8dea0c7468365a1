/** How the command `checkpoints` is started by somebody who does not have it on the PATH. */
export interface Launcher {
  /** Absolute path. */
  readonly path: string;
  readonly isWindows: boolean;
}

/**
 * The change to one file. Undefined stands for a file that is not there. Connecting and then disconnecting gives the same
 * bytes again; what others wrote stays as it is.
 * @throws CheckpointError `conflict` for a file that cannot be understood, which is then left alone.
 */
export interface ConnectionFile {
  /** Relative to the home folder, with `/`. */
  readonly path: string;
  connect(text: string | undefined): string;
  disconnect(text: string | undefined): string | undefined;
}

/** What connects one agent: its turn hooks, and the server with the tools. */
export interface AgentConnection {
  readonly id: string;
  /** What people call it. */
  readonly name: string;
  /** What has to be done besides, or should be known; one sentence. */
  readonly hint?: string;
  readonly files: readonly ConnectionFile[];
}

/** The hook's command line for a shell. */
export function hookCommand({ path, isWindows }: Launcher, agent: string): string {
  const quoted = isWindows ? `"${path}"` : `'${path.replaceAll("'", String.raw`'\''`)}'`;
  return `${quoted} hook ${agent}`;
}

/** Whether a value is a hook's command of ours for that agent, whatever path it was written with. */
export function isHookCommand(value: unknown, agent: string): boolean {
  return typeof value === 'string' && /checkpoints(\.cmd)?['"]? hook ([a-z-]+)$/.exec(value)?.[2] === agent;
}

/** Whether the parts of a command start our server. */
export function isServerCommand(parts: readonly unknown[]): boolean {
  return /(^|[\\/])checkpoints(\.cmd)?$/.test(String(parts[0])) && parts[1] === 'mcp';
}
