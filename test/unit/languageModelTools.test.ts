import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'mocha';
import { MANIFEST, PROJECT, shownText } from '../support/extensionManifest.ts';
import { languageModelTools } from '../tools/languageModelTools.ts';

const { languageModelTools: declared, mcpServerDefinitionProviders } = MANIFEST.contributes;

describe('the tools for agents in the manifest', () => {
  it('are those of the one list of tools (npm run docs writes them)', () => {
    assert.equal(declared.length, 10);
    assert.deepEqual(declared, languageModelTools());
  });

  it('each have names and texts for people and for models, described arguments and a condition', () => {
    const wrong = declared.filter(
      ({ name, displayName, userDescription, modelDescription, toolReferenceName, ...tool }) => {
        const inputs = Object.values(tool.inputSchema.properties ?? {});
        return (
          !/^snapshots_[a-z]+$/.test(name) ||
          !/^[a-z]+[A-Z][A-Za-z]+$/.test(toolReferenceName) ||
          [shownText(displayName), shownText(userDescription)].some((text) => text.startsWith('%')) ||
          modelDescription.length < 60 ||
          inputs.some(({ description }) => !description) ||
          tool.when === ''
        );
      },
    );
    assert.deepEqual(wrong, []);
  });

  it('come with a server of the Model Context Protocol whose provider the code registers', () => {
    const source = readFileSync(path.join(PROJECT, 'src/vscode/agents/mcpServers.ts'), 'utf8');
    assert.deepEqual(
      mcpServerDefinitionProviders.map(({ id }) => [id, source.includes(`'${id}'`)]),
      [['snapshotTimeline.mcp', true]],
    );
  });
});
