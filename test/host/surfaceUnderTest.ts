import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { requireCapability } from '../../src/core/capabilities.ts';
import type { OpenFolder } from '../../src/vscode/openFolder.ts';
import type { Surface } from '../../src/vscode/surface.ts';
import type { TreeRow } from '../../src/vscode/views/rows.ts';
import { ScriptedPrompts } from './scriptedPrompts.ts';

/** The extension in this host with the one folder that is open, emptied. */
export interface SurfaceUnderTest {
  readonly surface: Surface;
  readonly open: OpenFolder;
  readonly root: string;
  /** Runs a command while a person answers so, and returns what was asked. */
  run(command: string, args: readonly unknown[], ...answers: readonly unknown[]): Promise<readonly string[]>;
  write(files: Readonly<Record<string, string | Uint8Array>>): void;
  remove(path: string): void;
  /** Path and text of every file. */
  files(): Readonly<Record<string, string>>;
  /** The rows of the view as text. */
  tree(): Promise<readonly string[]>;
  rows(kind: TreeRow['kind']): Promise<readonly TreeRow[]>;
  /** Settles when a checkpoint whose label begins so is listed, whoever makes it. */
  listed(beginning: string): Promise<void>;
  /** The row of the checkpoint with this label. */
  checkpoint(label: string): Promise<TreeRow>;
}

export async function startAfresh(): Promise<SurfaceUnderTest> {
  const extension = vscode.extensions.getExtension<Surface>('snapshot-timeline.snapshot-timeline');
  assert.ok(extension !== undefined);
  const surface = await extension.activate();
  await surface.folders.opened;
  const [open] = surface.folders.all;
  assert.ok(open !== undefined, 'The folder of the host could not be opened.');
  const root = open.folder.uri.fsPath;
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  // as folders usually are, and unlike a fresh temporary one
  chmodSync(root, 0o755);
  for (const name of readdirSync(root)) {
    rmSync(join(root, name), { recursive: true, force: true });
  }
  await requireCapability(open.session.files.capabilities.delete)(
    open.checkpointsOf(open.session.files).map(({ id }) => id),
  );
  await open.session.restores.update(() => []);
  surface.compareSelection = undefined;
  surface.view.say(undefined);
  await open.reload();
  return underTest(surface, open, root);
}

function underTest(surface: Surface, open: OpenFolder, root: string): SurfaceUnderTest {
  const rows = async (kind: TreeRow['kind']): Promise<readonly TreeRow[]> =>
    (await allRows(surface)).map(({ row }) => row).filter((row) => row.kind === kind);
  return {
    surface,
    open,
    root,
    run: async (command, args, ...answers) => {
      const prompts = new ScriptedPrompts(...answers);
      surface.prompts = prompts;
      await vscode.commands.executeCommand(`snapshotTimeline.${command}`, ...args);
      return prompts.transcript;
    },
    write: (files) => {
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), content);
      }
    },
    remove: (path) => rmSync(join(root, path)),
    files: () => readFiles(root),
    tree: async () => {
      await open.look();
      return (await allRows(surface)).map(({ depth, row }) => render(surface, row, depth));
    },
    rows,
    listed: (beginning) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (open.checkpoints.some(({ label }) => label.startsWith(beginning))) {
            listening.dispose();
            resolve();
          }
        };
        const listening = open.onDidChange(look);
        look();
      }),
    checkpoint: async (label) => {
      const found = (await rows('checkpoint')).find(
        (row) => row.kind === 'checkpoint' && row.checkpoint.label === label,
      );
      assert.ok(found !== undefined, `There is no checkpoint "${label}".`);
      return found;
    },
  };
}

async function allRows(surface: Surface, parent?: TreeRow, depth = 0): Promise<{ depth: number; row: TreeRow }[]> {
  const children = await surface.view.tree.getChildren(parent);
  const nested = await Promise.all(
    children.map(async (row) => [{ depth, row }, ...(await allRows(surface, row, depth + 1))]),
  );
  return nested.flat();
}

function render(surface: Surface, row: TreeRow, depth: number): string {
  const { label, description } = surface.view.tree.getTreeItem(row);
  return `${'  '.repeat(depth)}${label as string} | ${description as string}`;
}

function readFiles(root: string): Record<string, string> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).toSorted();
  return Object.fromEntries(
    paths.map((path) => [path.slice(root.length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8')]),
  );
}
