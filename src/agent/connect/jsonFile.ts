import { type ConnectionFile, hookCommand, isHookCommand, isServerCommand, type Launcher } from './agentConnection.ts';
import { addEntries, type JsonEntry, removeEntries } from './jsonEntries.ts';

export function jsonFile(path: string, entries: readonly JsonEntry[]): ConnectionFile {
  return {
    path,
    connect: (text) => addEntries(text, entries),
    disconnect: (text) => removeEntries(text, entries),
  };
}

/** A server in the list `mcpServers`, the form that most agents share. */
export function serverEntry(launcher: Launcher, more: Readonly<Record<string, unknown>> = {}): JsonEntry {
  return {
    into: ['mcpServers'],
    key: 'checkpoints',
    value: { ...more, command: launcher.path, args: ['mcp'] },
    isOurs: (value) => isServer(value),
  };
}

function isServer(value: unknown): boolean {
  const { command, args } = fields(value);
  return isServerCommand([command, ...(Array.isArray(args) ? (args as unknown[]) : [])]);
}

/** Hooks for these events in the form that Claude Code brought up: groups with a list of hooks each. */
export function groupedHooks(
  launcher: Launcher,
  agent: string,
  events: readonly string[],
  timeout: number,
): readonly JsonEntry[] {
  return events.map((event) => ({
    into: ['hooks', event],
    value: { hooks: [{ type: 'command', command: hookCommand(launcher, agent), timeout }] },
    isOurs: (value) => {
      const { hooks } = fields(value);
      return Array.isArray(hooks) && hooks.length === 1 && isHookCommand(fields(hooks[0])['command'], agent);
    },
  }));
}

export function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
