import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'mocha';
import {
  MANIFEST,
  matches,
  MENU_ENTRIES,
  PROJECT,
  readJson,
  surfaceSource,
  TEXTS,
} from '../support/extensionManifest.ts';

const { contributes } = MANIFEST;

describe('the context keys', () => {
  it('of the manifest are those that the code sets', () => {
    const others = new Set([
      ...contributes.commands.map(({ command }) => command),
      ...Object.values(contributes.views).flatMap((views) => views.map(({ id }) => id)),
    ]);
    const clauses = [
      ...MENU_ENTRIES.map(({ when = '' }) => when),
      ...contributes.viewsWelcome.map(({ when }) => when),
      ...contributes.commands.map(({ enablement = '' }) => enablement),
      ...contributes.languageModelTools.map(({ when }) => when),
    ].join('\n');
    const used = matches(clauses, /\b(snapshotTimeline\.\w+)/g).filter((key) => !others.has(key));
    const source = readFileSync(path.join(PROJECT, 'src/vscode/contextKeys.ts'), 'utf8');
    assert.deepEqual(matches(source, /'(snapshotTimeline\.\w+)'/g), used);
  });
});

describe('the texts', () => {
  it('of the manifest are keys of package.nls.json, and no key is left over', () => {
    const shown: string[] = [];
    const visible = new Set([
      'title',
      'category',
      'name',
      'contextualTitle',
      'contents',
      'description',
      'displayName',
      'markdownDescription',
      'altText',
      'userDescription',
      'label',
    ]);
    const walk = (value: unknown): void => {
      for (const [key, child] of Object.entries(value ?? {})) {
        if (key === 'enumDescriptions') {
          shown.push(...(child as string[]));
        } else if (typeof child === 'string' && visible.has(key)) {
          shown.push(child);
        } else if (typeof child === 'object') {
          walk(child);
        }
      }
    };
    const { displayName: ownName, description, capabilities } = readJson('package.json') as Record<string, unknown>;
    const tools = contributes.languageModelTools.map(({ displayName, userDescription }) => ({
      displayName,
      userDescription,
    }));
    walk({
      displayName: ownName,
      description,
      capabilities,
      contributes: { ...contributes, languageModelTools: tools },
    });
    assert.deepEqual(
      [...new Set(shown)].toSorted(),
      Object.keys(TEXTS)
        .map((key) => `%${key}%`)
        .toSorted(),
    );
  });

  it('of the code are in the bundle that translators get', () => {
    assert.equal(MANIFEST.l10n, './l10n');
    const calls = surfaceSource().matchAll(/\bl10n\.t\(\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")/g);
    const inCode = [...calls].map((call) => JSON.parse(doubleQuoted(call[1] ?? '')) as string);
    assert.ok(inCode.length > 50);
    assert.deepEqual(Object.keys(readJson('l10n/bundle.l10n.json') as object), [...new Set(inCode)].toSorted());
  });

  it('of the code are whole: every call has a literal with placeholders', () => {
    assert.deepEqual(surfaceSource().match(/\bl10n\.t\(\s*[^\s'"][^\n]*/g), null);
  });
});

function doubleQuoted(literal: string): string {
  return literal.startsWith('"')
    ? literal
    : `"${literal
        .slice(1, -1)
        .replaceAll(String.raw`\'`, "'")
        .replaceAll('"', String.raw`\"`)}"`;
}

describe('privacy', () => {
  it('holds: the code sends no telemetry', () => {
    assert.doesNotMatch(surfaceSource(), /telemetry/i);
  });
});
