import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AGENT_TOOLS } from '../../src/agent/tools.ts';
import { PROJECT } from './paths.ts';

/** What the manifest says about the tools for language models: made from the one list of tools. */
export function languageModelTools(): readonly unknown[] {
  return AGENT_TOOLS.map(({ name, description, input, annotations }) => {
    const verb = name.slice(name.indexOf('_') + 1);
    const { $schema: _, ...schema } = z.toJSONSchema(input, { io: 'input' });
    return {
      name,
      displayName: `%tool.${verb}.name%`,
      userDescription: `%tool.${verb}.description%`,
      modelDescription: description,
      toolReferenceName: `checkpoints${verb.charAt(0).toUpperCase()}${verb.slice(1)}`,
      canBeReferencedInPrompt: true,
      icon: '$(history)',
      tags: ['checkpoints'],
      when: annotations.readOnlyHint ? 'snapshotTimeline.ready' : 'snapshotTimeline.canCreate',
      inputSchema: schema,
    };
  });
}

/** Brings the manifest up to date. */
export function writeLanguageModelTools(): void {
  const file = join(PROJECT, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as { contributes: Record<string, unknown> };
  manifest.contributes['languageModelTools'] = languageModelTools();
  writeFileSync(file, `${JSON.stringify(manifest, undefined, 2)}\n`);
}
