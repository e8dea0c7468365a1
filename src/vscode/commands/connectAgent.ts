import * as vscode from 'vscode';
import type { AgentConnection, ConnectionFile } from '../../agent/connect/agentConnection.ts';
import { agentConnections } from '../../agent/connect/connections.ts';
import { CheckpointError } from '../../core/error.ts';
import type { Choice } from '../prompts.ts';
import type { Surface } from '../surface.ts';
import { withoutBack } from './targets.ts';

/** A change to a file of an agent, computed and not made yet. Undefined stands for a file that is not there. */
interface Edit {
  readonly uri: vscode.Uri;
  readonly present: string | undefined;
  readonly wanted: string | undefined;
}

type How = 'connect' | 'disconnect';

/** Writes the hooks and the server with the tools into an agent's configuration, after showing what will be written. */
export async function connectAgent(surface: Surface): Promise<void> {
  await change(surface, 'connect', vscode.l10n.t('Connect an Agent'));
}

/** Takes exactly that out again. */
export async function disconnectAgent(surface: Surface): Promise<void> {
  await change(surface, 'disconnect', vscode.l10n.t('Disconnect an Agent'));
}

async function change(surface: Surface, how: How, title: string): Promise<void> {
  const placeholder = vscode.l10n.t('Choose an agent');
  const agent = withoutBack(await surface.prompts.pick(choices(surface), { title, placeholder }));
  if (agent === undefined) {
    return;
  }
  const edits = (await planEdits(surface, agent, how)).filter(({ present, wanted }) => present !== wanted);
  if (edits.length === 0) {
    surface.view.say(
      how === 'connect'
        ? vscode.l10n.t('{0} is connected already.', agent.name)
        : vscode.l10n.t('{0} is not connected.', agent.name),
    );
    return;
  }
  const agreed = await surface.prompts.confirm({
    ...question(agent, how),
    detail: [...(how === 'connect' && agent.hint !== undefined ? [agent.hint] : []), ...edits.map(describe)].join('\n'),
    preview: () => preview(edits),
  });
  if (agreed) {
    for (const edit of edits) {
      await write(edit);
    }
    surface.view.say(
      how === 'connect'
        ? vscode.l10n.t('{0} is connected: start it anew to let it see that.', agent.name)
        : vscode.l10n.t('{0} is disconnected: start it anew to let it see that.', agent.name),
    );
  }
}

async function choices(surface: Surface): Promise<readonly Choice<AgentConnection>[]> {
  return Promise.all(
    connections(surface).map(async (agent) => ({
      label: agent.name,
      description: await stateText(surface, agent),
      value: agent,
    })),
  );
}

async function stateText(surface: Surface, agent: AgentConnection): Promise<string> {
  try {
    const edits = await planEdits(surface, agent, 'disconnect');
    return edits.some(({ present, wanted }) => present !== wanted) ? vscode.l10n.t('connected') : '';
  } catch {
    return vscode.l10n.t('its configuration cannot be read');
  }
}

function connections({ launcher }: Surface): readonly AgentConnection[] {
  return agentConnections({ path: launcher.fsPath, isWindows: process.platform === 'win32' });
}

function planEdits(surface: Surface, agent: AgentConnection, how: How): Promise<readonly Edit[]> {
  return Promise.all(agent.files.map((file) => planEdit(vscode.Uri.joinPath(surface.home, file.path), file, how)));
}

async function planEdit(uri: vscode.Uri, file: ConnectionFile, how: How): Promise<Edit> {
  const present = await readText(uri);
  try {
    return { uri, present, wanted: file[how](present) };
  } catch (error) {
    if (error instanceof CheckpointError) {
      const { reason, hint = '' } = error;
      throw new CheckpointError(reason, `${uri.fsPath}: ${error.message}`, { hint, cause: error });
    }
    throw error;
  }
}

function question({ name }: AgentConnection, how: How): { readonly message: string; readonly action: string } {
  return how === 'connect'
    ? { message: vscode.l10n.t('Connect {0} by changing its configuration?', name), action: vscode.l10n.t('Connect') }
    : {
        message: vscode.l10n.t('Disconnect {0} by changing its configuration?', name),
        action: vscode.l10n.t('Disconnect'),
      };
}

/** The file, and the lines that come or go. */
function describe({ uri, present, wanted }: Edit): string {
  const [before, after] = [linesOf(present), linesOf(wanted)];
  const added = after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`);
  const removed = before.filter((line) => !after.includes(line)).map((line) => `- ${line}`);
  return ['', uri.fsPath, ...removed, ...added].join('\n');
}

function linesOf(text: string | undefined): readonly string[] {
  return (text ?? '').split(/\r?\n/).filter((line) => line.trim() !== '');
}

async function preview(edits: readonly Edit[]): Promise<void> {
  for (const { uri, present, wanted } of edits) {
    const language = uri.path.slice(uri.path.lastIndexOf('.') + 1);
    const show = (content = ''): Thenable<vscode.TextDocument> =>
      vscode.workspace.openTextDocument({ content, language: language === 'toml' ? 'ini' : language });
    const [left, right] = [await show(present), await show(wanted)];
    const title = vscode.l10n.t('{0} (now ↔ then)', uri.fsPath);
    await vscode.commands.executeCommand('vscode.diff', left.uri, right.uri, title, { preview: false });
  }
}

/** @throws CheckpointError `conflict` when the file is not what was shown any more. */
async function write({ uri, present, wanted }: Edit): Promise<void> {
  if ((await readText(uri)) !== present) {
    throw new CheckpointError('conflict', vscode.l10n.t('"{0}" changed meanwhile.', uri.fsPath));
  }
  if (wanted === undefined) {
    await vscode.workspace.fs.delete(uri);
  } else {
    await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(uri, '..'));
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(wanted));
  }
}

/** @throws CheckpointError `conflict` for a file that is not UTF-8: writing it back would change its bytes. */
async function readText(uri: vscode.Uri): Promise<string | undefined> {
  try {
    const bytes = await vscode.workspace.fs.readFile(uri);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') {
      return undefined;
    }
    throw new CheckpointError('conflict', vscode.l10n.t('"{0}" cannot be read as text.', uri.fsPath), { cause: error });
  }
}
