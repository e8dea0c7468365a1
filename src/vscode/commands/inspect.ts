import * as vscode from 'vscode';
import { requireCapability } from '../../core/capabilities.ts';
import type { DoctorReport, Finding } from '../../core/store.ts';
import { fileSize, filesText } from '../format.ts';
import { skipText } from '../messages.ts';
import type { OpenFolder } from '../openFolder.ts';
import type { Choice } from '../prompts.ts';
import { fileUri } from '../stateUri.ts';
import type { Surface } from '../surface.ts';
import { runTask } from '../task.ts';
import { chooseCheckpoint, chooseCheckpoints, chooseFolder, withoutBack, type CommandArguments } from './targets.ts';

export async function copyId(surface: Surface, args: CommandArguments): Promise<void> {
  const chosen = await chooseCheckpoints(surface, args, vscode.l10n.t('Copy ID'));
  if (chosen.length > 0) {
    await vscode.env.clipboard.writeText(chosen.map(({ checkpoint }) => checkpoint.id).join('\n'));
  }
}

/** Lists what a checkpoint left out and why; choosing one opens it. */
export async function showSkippedFiles(surface: Surface, args: CommandArguments): Promise<void> {
  const title = vscode.l10n.t('Show Skipped Files');
  const chosen = await chooseCheckpoint(surface, args, title);
  if (chosen === undefined) {
    return;
  }
  const { open, checkpoint } = chosen;
  const { skipped } = checkpoint.coverage;
  if (skipped.length === 0) {
    surface.view.say(vscode.l10n.t('"{0}" left nothing out.', checkpoint.label));
    return;
  }
  const choices = skipped.map(({ path, reason, size }) => ({
    label: path.toWellFormed(),
    description: [skipText(reason), size === undefined ? '' : fileSize(size)].filter(Boolean).join(' · '),
    value: path,
  }));
  const placeholder = vscode.l10n.t('"{0}" left out {1}', checkpoint.label, filesText(skipped.length));
  const path = withoutBack(await surface.prompts.pick(choices, { title, placeholder }));
  if (path !== undefined) {
    await vscode.commands.executeCommand('vscode.open', fileUri(open, path));
  }
}

export async function runDoctor(surface: Surface, args: CommandArguments): Promise<void> {
  const open = await chooseFolder(surface, args, vscode.l10n.t('Run Doctor'));
  if (open === undefined) {
    await surface.prompts.tell('information', vscode.l10n.t('No folder with checkpoints is open. The log tells why.'));
    return;
  }
  await examine(surface, open, 'examine');
}

async function examine(surface: Surface, open: OpenFolder, how: 'examine' | 'repair'): Promise<void> {
  const maintenance = requireCapability(open.session.files.capabilities.maintain);
  const title = vscode.l10n.t('Examining the store of "{0}"', open.folder.name);
  const report = await runTask(open, title, (task) => maintenance[how](task));
  for (const { severity, code, message } of report.findings) {
    surface.log.info(`${severity} ${code}: ${message}`);
  }
  const placeholder = vscode.l10n.t('What Doctor found in "{0}"', open.folder.name);
  const options = { title: vscode.l10n.t('Run Doctor'), placeholder };
  if (withoutBack(await surface.prompts.pick(doctorChoices(report), options)) === 'repair') {
    await examine(surface, open, 'repair');
  }
}

const SEVERITY_ICONS: Record<Finding['severity'], string> = { ok: 'pass', warning: 'warning', error: 'error' };

function doctorChoices({ findings }: DoctorReport): Choice<'repair' | 'nothing'>[] {
  const rows = findings.map(({ severity, message, code }) => ({
    label: message,
    description: code,
    iconPath: new vscode.ThemeIcon(SEVERITY_ICONS[severity]),
    value: 'nothing' as const,
  }));
  const repair = {
    label: vscode.l10n.t('Repair what is safe to repair'),
    iconPath: new vscode.ThemeIcon('tools'),
    value: 'repair' as const,
  };
  return findings.some(({ repairable }) => repairable) ? [repair, ...rows] : rows;
}
