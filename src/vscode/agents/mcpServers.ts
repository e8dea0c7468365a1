import * as vscode from 'vscode';
import { readAgentPolicy } from '../settings.ts';
import type { Surface } from '../surface.ts';

const PROVIDER = 'snapshotTimeline.mcp';

/**
 * Tells VS Code how to start the server of the Model Context Protocol for each open folder, where this version asks for it.
 * Nothing is started until an agent wants it.
 */
export function registerMcpServers(surface: Surface): vscode.Disposable {
  const { lm } = vscode as { readonly lm?: typeof vscode.lm };
  if (typeof lm?.registerMcpServerDefinitionProvider !== 'function') {
    return { dispose: () => undefined };
  }
  const changed = new vscode.EventEmitter<void>();
  return vscode.Disposable.from(
    changed,
    surface.folders.onDidChange(({ open }) => open === undefined && changed.fire()),
    vscode.workspace.onDidChangeConfiguration(
      (event) => event.affectsConfiguration('snapshotTimeline.agents.restoreAndDelete') && changed.fire(),
    ),
    lm.registerMcpServerDefinitionProvider(PROVIDER, {
      onDidChangeMcpServerDefinitions: changed.event,
      provideMcpServerDefinitions: () => mcpServers(surface),
    }),
  );
}

/** One server for each folder, run by the Node.js that runs VS Code's extensions. */
export function mcpServers({ extension, folders }: Surface): vscode.McpStdioServerDefinition[] {
  if (!vscode.workspace.isTrusted) {
    return [];
  }
  const program = vscode.Uri.joinPath(extension.extensionUri, 'dist', 'checkpoints.mjs').fsPath;
  const { version } = extension.packageJSON as { readonly version: string };
  return folders.all.map(({ folder }) => {
    const label =
      folders.all.length > 1 ? vscode.l10n.t('Checkpoints of {0}', folder.name) : vscode.l10n.t('Checkpoints');
    const args = [program, 'mcp', '-C', folder.uri.fsPath, '--agents', readAgentPolicy(folder.uri)];
    return new vscode.McpStdioServerDefinition(label, process.execPath, args, { ELECTRON_RUN_AS_NODE: '1' }, version);
  });
}
