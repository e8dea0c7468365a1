import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestEnvironment {
  readonly env: NodeJS.ProcessEnv;
  dispose(): void;
}

/** An environment in which nothing of the person's home, git configuration or running editor is seen or changed. */
export function testEnvironment(): TestEnvironment {
  const home = mkdtempSync(join(tmpdir(), 'st-'));
  const gitConfig = join(home, 'gitconfig');
  writeFileSync(gitConfig, '[user]\n\tname = Test\n\temail = test@localhost\n[init]\n\tdefaultBranch = main\n');
  const inherited = Object.entries(process.env).filter(
    ([name]) => name === 'VSCODE_EXECUTABLE' || !/^(GIT|VSCODE|XDG|npm)_|^NODE_OPTIONS$/i.test(name),
  );
  const env = {
    ...Object.fromEntries(inherited),
    HOME: home,
    USERPROFILE: home,
    SNAPSHOT_TIMELINE_HOME: join(home, 'checkpoints'),
    GIT_CONFIG_GLOBAL: gitConfig,
    GIT_CONFIG_NOSYSTEM: '1',
  };
  const remove = (): void => rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  process.once('exit', remove);
  const dispose = (): void => {
    process.off('exit', remove);
    remove();
  };
  return { env, dispose };
}
