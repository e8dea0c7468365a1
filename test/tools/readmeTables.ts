import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { COMMANDS } from '../../src/cli/commands.ts';
import { writeLanguageModelTools } from './languageModelTools.ts';
import { PROJECT } from './paths.ts';

/** The part of the manifest that the README repeats. */
export interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command?: string; readonly when?: string }[]>>;
    readonly configuration: {
      readonly properties: Readonly<
        Record<string, { readonly default: unknown; readonly scope: string; readonly markdownDescription: string }>
      >;
    };
  };
}

export type Texts = Readonly<Record<string, string>>;

/** The README with each generated table made anew between its markers. */
export function renderReadme(readme: string, tables: Readonly<Record<string, string>>): string {
  return Object.entries(tables).reduce((text, [name, table]) => replaceTable(text, name, table), readme);
}

export function manifestTables(manifest: Manifest, texts: Texts): Record<string, string> {
  const { commands, configuration, menus } = manifest.contributes;
  return {
    commands: markdownTable(
      ['command', 'where'],
      commands.map(({ command, title }) => [
        `*${texts[title.replaceAll('%', '')] ?? missing(command)}*`,
        places(command, menus).join(', '),
      ]),
    ),
    settings: markdownTable(
      ['setting', 'default', 'what it does'],
      Object.entries(configuration.properties).map(([name, setting]) => {
        const key = setting.markdownDescription.replaceAll('%', '');
        const text = (texts[key] ?? missing(name)).replaceAll(/`#([^#]+)#`/g, '`$1`');
        return [`\`${name}\``, `\`${JSON.stringify(setting.default)}\``, text];
      }),
    ),
  };
}

export function commandLineTable(
  commands: readonly { readonly name: string; readonly operands: string; readonly summary: string }[],
): Record<string, string> {
  const rows = commands.map(({ name, operands, summary }) => [`\`${`${name} ${operands}`.trimEnd()}\``, summary]);
  return { 'command line': markdownTable(['command', 'what it does'], rows) };
}

/** The menus that carry a command, in the words of VS Code's users. */
const PLACES: readonly (readonly [menu: string, place: string])[] = [
  ['view/title', 'title of the view'],
  ['view/item/context', 'rows of the views'],
  ['timeline/item/context', 'rows of the Timeline'],
  ['explorer/context', 'Explorer'],
  ['editor/title/context', 'editor tabs'],
];

function places(command: string, menus: Manifest['contributes']['menus']): string[] {
  const entries = (menu: string) => (menus[menu] ?? []).filter((entry) => entry.command === command);
  const inPalette = !entries('commandPalette').some((entry) => entry.when === 'false');
  const others = PLACES.filter(([menu]) => entries(menu).length > 0).map(([, place]) => place);
  return [...(inPalette ? ['palette'] : []), ...others];
}

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function replaceTable(readme: string, name: string, table: string): string {
  const begin = `<!-- table: ${name} -->\n`;
  const end = '<!-- end of table -->';
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end, from);
  if (from === -1 || to === -1) {
    throw new Error(`The README has no place for the table "${name}".`);
  }
  return `${readme.slice(0, from + begin.length)}${table}\n${readme.slice(to)}`;
}

function missing(name: string): never {
  throw new Error(`"${name}" has no text in package.nls.json.`);
}

/** The README that belongs to this tree. */
export function currentReadme(): { readonly file: string; readonly present: string; readonly wanted: string } {
  const file = join(PROJECT, 'README.md');
  const present = readFileSync(file, 'utf8');
  const manifest = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as Manifest;
  const texts = JSON.parse(readFileSync(join(PROJECT, 'package.nls.json'), 'utf8')) as Texts;
  return {
    file,
    present,
    wanted: renderReadme(present, { ...manifestTables(manifest, texts), ...commandLineTable(COMMANDS) }),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeLanguageModelTools();
  const { file, wanted } = currentReadme();
  writeFileSync(file, wanted);
}
