import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

export const PROJECT = path.join(import.meta.dirname, '../..');
export const PREFIX = 'snapshotTimeline.';

interface MenuEntry {
  readonly command: string;
  readonly when?: string;
  readonly group?: string;
}
export interface Command {
  readonly command: string;
  readonly title: string;
  readonly category?: string;
  readonly icon?: string;
  readonly enablement?: string;
}
interface Setting {
  readonly type?: string;
  readonly default?: unknown;
  readonly scope?: string;
  readonly description?: string;
  readonly markdownDescription?: string;
  readonly enum?: readonly unknown[];
  readonly enumDescriptions?: readonly string[];
}
interface Step {
  readonly description: string;
  readonly completionEvents?: readonly string[];
  readonly media: { readonly svg?: string; readonly markdown?: string; readonly altText?: string };
}
interface View {
  readonly id: string;
  readonly name: string;
  readonly icon?: string;
  readonly contextualTitle?: string;
}
export interface Manifest {
  readonly type: string;
  readonly main: string;
  readonly l10n: string;
  readonly icon: string;
  readonly license: string;
  readonly pricing: string;
  readonly categories: readonly string[];
  readonly keywords: readonly string[];
  readonly galleryBanner: { readonly color: string; readonly theme: string };
  readonly engines: { readonly vscode: string };
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly extensionKind: readonly string[];
  readonly activationEvents: readonly string[];
  readonly enabledApiProposals?: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: {
      readonly supported: unknown;
      readonly description?: string;
      readonly restrictedConfigurations: readonly string[];
    };
    readonly virtualWorkspaces: { readonly supported: unknown; readonly description?: string };
  };
  readonly contributes: {
    readonly commands: readonly Command[];
    readonly menus: Readonly<Record<string, readonly MenuEntry[]>>;
    readonly viewsContainers: Readonly<Record<string, readonly { readonly icon: string }[]>>;
    readonly views: Readonly<Record<string, readonly View[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string; readonly when: string }[];
    readonly configuration: { readonly title: string; readonly properties: Readonly<Record<string, Setting>> };
    readonly keybindings?: unknown;
    readonly languageModelTools: readonly {
      readonly name: string;
      readonly displayName: string;
      readonly userDescription: string;
      readonly modelDescription: string;
      readonly toolReferenceName: string;
      readonly when: string;
      readonly inputSchema: { readonly properties?: Readonly<Record<string, { readonly description?: string }>> };
    }[];
    readonly mcpServerDefinitionProviders: readonly { readonly id: string }[];
    readonly walkthroughs: readonly { readonly steps: readonly Step[] }[];
  };
}

export function readJson(file: string): unknown {
  return JSON.parse(readFileSync(path.join(PROJECT, file), 'utf8'));
}

export const MANIFEST = readJson('package.json') as Manifest;
export const TEXTS = readJson('package.nls.json') as Readonly<Record<string, string>>;

export const MENU_ENTRIES = Object.entries(MANIFEST.contributes.menus).flatMap(([menu, entries]) =>
  entries.map((entry) => ({ menu, ...entry })),
);

/** The text that VS Code shows for `%key%`. */
export function shownText(value: string): string {
  return TEXTS[value.slice(1, -1)] ?? value;
}

/** The sources of everything that people see in VS Code, as one text. */
export function surfaceSource(): string {
  const files = readdirSync(path.join(PROJECT, 'src/vscode'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.join('src/vscode', name));
  return [...files, 'src/extension.ts'].map((name) => readFileSync(path.join(PROJECT, name), 'utf8')).join('\n');
}

/** The first groups of all matches, each once, sorted. */
export function matches(source: string, pattern: RegExp): string[] {
  return [...new Set([...source.matchAll(pattern)].map((match) => match[1] ?? ''))].toSorted();
}
