import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'mocha';
import {
  MANIFEST,
  matches,
  MENU_ENTRIES,
  PREFIX,
  PROJECT,
  shownText,
  surfaceSource,
} from '../support/extensionManifest.ts';

const { contributes } = MANIFEST;

describe('the manifest', () => {
  it('activates after start-up and for nothing that VS Code implies', () => {
    assert.deepEqual(MANIFEST.activationEvents, ['onStartupFinished']);
  });

  it('names a CommonJS bundle although the package is of ES modules', () => {
    assert.deepEqual([MANIFEST.type, path.extname(MANIFEST.main)], ['module', '.cjs']);
  });

  it('asks for no proposed API', () => {
    assert.equal(MANIFEST.enabledApiProposals, undefined);
  });

  it('runs where the workspace is', () => {
    assert.deepEqual(MANIFEST.extensionKind, ['workspace']);
  });

  it('says what it does without trust and in virtual workspaces', () => {
    const { untrustedWorkspaces, virtualWorkspaces } = MANIFEST.capabilities;
    assert.deepEqual(
      [untrustedWorkspaces.supported, virtualWorkspaces.supported, untrustedWorkspaces.restrictedConfigurations],
      ['limited', false, ['snapshotTimeline.git.path', 'snapshotTimeline.agents.restoreAndDelete']],
    );
    assert.ok(untrustedWorkspaces.description && virtualWorkspaces.description);
  });

  it('has what a Marketplace page needs', () => {
    const png = readFileSync(path.join(PROJECT, MANIFEST.icon));
    assert.deepEqual([png.toString('latin1', 1, 4), png.readUInt32BE(16), png.readUInt32BE(20)], ['PNG', 256, 256]);
    assert.ok(MANIFEST.keywords.length > 0 && MANIFEST.keywords.length <= 5);
    assert.deepEqual([MANIFEST.license, MANIFEST.pricing, MANIFEST.galleryBanner.theme], ['MIT', 'Free', 'dark']);
    assert.deepEqual(MANIFEST.categories, ['SCM Providers', 'AI']);
  });

  it('asks for the version of VS Code whose types it is checked with', () => {
    assert.equal(MANIFEST.engines.vscode, `^${MANIFEST.devDependencies['@types/vscode']}`);
  });

  it('points only to files that exist', () => {
    const files = [
      MANIFEST.icon,
      ...Object.values(contributes.viewsContainers).flatMap((containers) => containers.map(({ icon }) => icon)),
      ...Object.values(contributes.views).flatMap((views) => views.map(({ icon }) => icon ?? 'no icon')),
      ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg ?? media.markdown ?? '')),
    ];
    assert.ok(files.length > 5);
    assert.deepEqual(
      files.filter((file) => !existsSync(path.join(PROJECT, file))),
      [],
    );
  });
});

describe('the commands', () => {
  it('have one category, a title in title case, and an ellipsis where more input follows', () => {
    const small = new Set(['a', 'an', 'and', 'as', 'at', 'by', 'for', 'in', 'of', 'on', 'or', 'the', 'to', 'with']);
    const wrong = contributes.commands.filter(({ title, category }) => {
      const words = shownText(title).split(' ');
      const cased = words.every((word, index) => /^[A-Z]/.test(word) || (index > 0 && small.has(word)));
      return shownText(category ?? '') !== 'Checkpoints' || !cased || /\.$|\.\.\.|Checkpoints/.test(shownText(title));
    });
    assert.deepEqual(wrong, []);
    assert.deepEqual(
      contributes.commands.map(({ title }) => shownText(title)),
      [
        'Create',
        'Create with Name…',
        'Restore…',
        'Restore Folder…',
        'Revert File…',
        'Undo Last Restore',
        'Redo',
        'Undo Last Agent Turn',
        'Compare…',
        'Compare with Previous',
        'Compare with Workspace',
        'Select for Compare',
        'Compare with Selected',
        'Open File as It Was',
        'Show File History',
        'Rename…',
        'Edit Note…',
        'Pin',
        'Unpin',
        'Keep',
        'Delete…',
        'Delete All…',
        'Compact…',
        'Group by Agent Session',
        'Group by Day',
        'Pause Automatic Creation',
        'Resume Automatic Creation',
        'Copy ID',
        'Show Skipped Files',
        'Connect an Agent…',
        'Disconnect an Agent…',
        'Show Disk Use…',
        'Run Doctor',
        'Refresh',
        'Show Log',
        'Show the Timeline Rows',
      ],
    );
  });

  it('each have a handler, and each handler has a command', () => {
    const table = readFileSync(path.join(PROJECT, 'src/vscode/commands/table.ts'), 'utf8');
    assert.deepEqual(
      matches(table, /^ {2}'?snapshotTimeline\.(\w+)'?:/gm),
      contributes.commands.map(({ command }) => command.slice(PREFIX.length)).toSorted(),
    );
  });

  it('are hidden from the palette when they make no sense without a row', () => {
    const hidden = contributes.menus['commandPalette']?.map(({ command, when }) => `${command}: ${when}`);
    assert.deepEqual(hidden, [
      'snapshotTimeline.selectForCompare: false',
      'snapshotTimeline.compareWithSelected: false',
      'snapshotTimeline.keepCheckpoint: false',
    ]);
  });

  it('that can destroy something are disabled where the store cannot do it', () => {
    const needs = new Map(
      contributes.commands.map(({ command, enablement }) => [command.slice(PREFIX.length), enablement]),
    );
    assert.deepEqual(
      [
        'restoreCheckpoint',
        'restoreFolder',
        'revertFile',
        'deleteCheckpoints',
        'deleteAllCheckpoints',
        'compactCheckpoints',
      ].map((id) => needs.get(id)),
      [
        ...Array<string>(3).fill('snapshotTimeline.canRestore'),
        ...Array<string>(2).fill('snapshotTimeline.canDelete'),
        'snapshotTimeline.canCompact',
      ],
    );
  });

  it('bring no keyboard shortcut that could hide one of VS Code', () => {
    assert.equal(contributes.keybindings, undefined);
  });
});

describe('the menus', () => {
  it('name only commands of the extension', () => {
    const known = new Set(contributes.commands.map(({ command }) => command));
    assert.ok(MENU_ENTRIES.length > 40);
    assert.deepEqual(
      MENU_ENTRIES.filter(({ command }) => !known.has(command)),
      [],
    );
  });

  it('show an icon for every title and inline action', () => {
    const icons = new Map(contributes.commands.map(({ command, icon }) => [command, icon]));
    const bare = MENU_ENTRIES.filter(
      ({ command, group }) =>
        /^(navigation|inline)/.test(group ?? '') && !/^\$\([a-z-]+\)$/.test(icons.get(command) ?? ''),
    );
    assert.deepEqual(bare, []);
  });

  it('number the places in every group', () => {
    const loose = MENU_ENTRIES.filter(
      ({ menu, group }) => menu !== 'commandPalette' && !/^(navigation|inline|\d_[a-z]+)@\d+$/.test(group ?? ''),
    );
    assert.deepEqual(loose, []);
  });

  it('have at most three title actions per view and three inline actions per kind of row', () => {
    const inline = MENU_ENTRIES.filter(({ group }) => group?.startsWith('inline'));
    const titles = MENU_ENTRIES.filter(({ menu, group }) => menu === 'view/title' && group?.startsWith('navigation'));
    const places = [
      ...titles.map(({ when = '' }) => `title of ${viewIn(when)}`),
      ...inline.flatMap(({ when = '' }) => rowKindsIn(when).map((kind) => `${kind} in ${viewIn(when)}`)),
    ];
    const counts = [...Map.groupBy(places, (place) => place)].map(([place, { length }]) => `${place}: ${length}`);
    assert.deepEqual(counts.toSorted(), [
      'change in checkpoints: 2',
      'checkpoint in checkpoints: 3',
      'now in checkpoints: 2',
      'nowChange in checkpoints: 1',
      'store in checkpoints: 1',
      'title of checkpoints: 3',
      'title of fileHistory: 1',
      'version in fileHistory: 2',
    ]);
  });

  it('offer deleting and compacting for several selected rows', () => {
    const several = MENU_ENTRIES.filter(
      ({ menu, when = '' }) => menu === 'view/item/context' && !when.includes('!listMultiSelection'),
    ).map(({ command }) => command.slice(PREFIX.length));
    assert.deepEqual(
      ['compactCheckpoints', 'compareCheckpoints', 'deleteCheckpoints'].filter((id) => !several.includes(id)),
      [],
    );
  });
});

describe('the views', () => {
  it('live in one container and have icon, short name and contextual title', () => {
    const views = Object.entries(contributes.views).flatMap(([container, list]) =>
      list.map(({ id, name, icon, contextualTitle }) =>
        [container, id, shownText(name), icon, shownText(contextualTitle ?? '')].join(', '),
      ),
    );
    assert.deepEqual(views, [
      'snapshotTimeline, snapshotTimeline.checkpoints, Checkpoints, media/checkpoints.svg, Checkpoints',
      'snapshotTimeline, snapshotTimeline.fileHistory, File History, media/checkpoints.svg, Checkpoints: File History',
    ]);
  });

  it('have a welcome with at most one button for every empty state', () => {
    const states = contributes.viewsWelcome.map(({ contents }) => {
      const buttons = shownText(contents).match(/^\[.*\]\(command:.*\)$/gm) ?? [];
      return `${contents.slice(1, -1)} ${buttons.length}`;
    });
    assert.deepEqual(states, [
      'welcome.noFolder 1',
      'welcome.untrusted 1',
      'welcome.gitMissing 1',
      'welcome.virtual 1',
      'welcome.failed 1',
      'welcome.noCheckpoints 1',
      'welcome.noFile 0',
      'welcome.noVersions 0',
    ]);
  });
});

describe('the settings', () => {
  it('have a prefix, type, default, description and scope', () => {
    const wrong = Object.entries(contributes.configuration.properties).filter(
      ([key, setting]) =>
        !/^snapshotTimeline\.[a-z]+\.[a-z][A-Za-z]*$/.test(key) ||
        setting.type === undefined ||
        setting.default === undefined ||
        setting.scope === undefined ||
        (setting.description ?? setting.markdownDescription) === undefined ||
        setting.enum?.length !== setting.enumDescriptions?.length,
    );
    assert.deepEqual(wrong, []);
    assert.doesNotMatch(shownText(contributes.configuration.title), /setting|extension/i);
  });

  it('that name a program cannot be set by an untrusted workspace', () => {
    const programs = Object.entries(contributes.configuration.properties)
      .filter(([key]) => key.endsWith('.path'))
      .map(([key, { scope }]) => `${key} ${scope}`);
    assert.deepEqual(programs, ['snapshotTimeline.git.path machine-overridable']);
    assert.equal(
      MANIFEST.capabilities.untrustedWorkspaces.restrictedConfigurations.includes('snapshotTimeline.git.path'),
      true,
    );
  });

  it('are all read by the code', () => {
    const read = matches(
      surfaceSource(),
      /'snapshotTimeline\.((?:capture|git|incus|automatic|retention|agents)\.\w+)'/g,
    );
    const declared = Object.keys(contributes.configuration.properties).map((key) => key.slice(PREFIX.length));
    assert.deepEqual(read, declared.toSorted());
  });
});

describe('the walkthrough', () => {
  it('has at most five steps, each with a button, an end and a picture for every theme', () => {
    const [walkthrough, ...others] = contributes.walkthroughs;
    const steps = walkthrough?.steps ?? [];
    assert.equal(others.length, 0);
    assert.ok(steps.length > 0 && steps.length <= 5);
    const wrong = steps.filter(({ description, completionEvents = [], media }) => {
      const picture = media.svg === undefined ? '' : readFileSync(path.join(PROJECT, media.svg), 'utf8');
      const themed = media.markdown !== undefined || (media.altText !== undefined && picture.includes('var(--vscode-'));
      return !/\n\[[A-Z].*\]\(command:/.test(shownText(description)) || completionEvents.length === 0 || !themed;
    });
    assert.deepEqual(wrong, []);
  });
});

function viewIn(when: string): string {
  return /view == snapshotTimeline\.(\w+)/.exec(when)?.[1] ?? '';
}

function rowKindsIn(when: string): string[] {
  return /viewItem =~ \/\^\(?([\w|]+)/.exec(when)?.[1]?.split('|') ?? [];
}
