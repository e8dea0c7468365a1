import { join } from 'node:path';
import { DEFAULT_RETENTION, type RetentionRules } from '../core/retention.ts';
import { readJson, writeFileAtomic } from './atomicFile.ts';

const NAMES = Object.keys(DEFAULT_RETENTION) as (keyof RetentionRules)[];

/**
 * The rules that were last in force for a workspace folder, from `retention.json` in its data folder: how the command line
 * knows what was set in VS Code. What is missing or makes no sense there is as by default.
 */
export async function readRetention(dataFolder: string): Promise<RetentionRules> {
  const content = await readJson(fileIn(dataFolder));
  const values = new Map(Object.entries(typeof content === 'object' && content !== null ? content : {}));
  const rule = (name: keyof RetentionRules): number => {
    const value: unknown = values.get(name);
    if (value === null) {
      return Infinity;
    }
    return typeof value === 'number' && value >= 0 ? value : DEFAULT_RETENTION[name];
  };
  return Object.fromEntries(NAMES.map((name) => [name, rule(name)])) as unknown as RetentionRules;
}

/** JSON has no number for "no limit", and writes `null` for it. */
export async function writeRetention(dataFolder: string, rules: RetentionRules): Promise<void> {
  await writeFileAtomic(fileIn(dataFolder), `${JSON.stringify(rules)}\n`);
}

function fileIn(dataFolder: string): string {
  return join(dataFolder, 'retention.json');
}
