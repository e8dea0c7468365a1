import assert from 'node:assert/strict';
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { turnOfNote } from '../../../src/core/agentTurn.ts';
import { TurnFiles } from '../../../src/cli/hook/turnFiles.ts';
import { dataRoot, openDataFolder } from '../../../src/platform/dataFolder.ts';
import { type CommandLineSandbox, type Finished, makeCommandLineSandbox } from '../../support/commandLineProcess.ts';
import { documents } from '../../support/commandLineSchemas.ts';
import { writeTree } from '../../support/folderTree.ts';

describe('the hook of an agent', function () {
  this.timeout(120_000);
  let sandbox: CommandLineSandbox;

  beforeEach(async () => {
    sandbox = await makeCommandLineSandbox();
  });

  afterEach(() => sandbox.dispose());

  /** Runs the hook as an agent does; every way it can end is without a failure and without output. */
  async function hook(input: unknown, agent = 'claude', env: Record<string, string> = {}): Promise<Finished> {
    const { child, finished } = sandbox.start(['hook', agent], { env });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(typeof input === 'string' ? input : JSON.stringify(input));
    const result = await finished;
    assert.deepEqual([result.code, result.stdout.toString()], [0, '']);
    return result;
  }

  const start = (session: string, prompt: string, cwd = sandbox.workspace) =>
    hook({ hook_event_name: 'UserPromptSubmit', session_id: session, cwd, prompt });
  const end = (session: string, cwd = sandbox.workspace) => hook({ hook_event_name: 'Stop', session_id: session, cwd });
  const edit = (content: string, path = 'a.txt') => writeTree(sandbox.workspace, { [path]: content });

  async function checkpoints() {
    return (await sandbox.json(documents.list, ['list'])).checkpoints;
  }

  /** Oldest first: `origin label`. */
  async function made(): Promise<readonly string[]> {
    return (await checkpoints()).map(({ origin, label }) => `${origin} ${label}`).toReversed();
  }

  it('leaves one checkpoint per turn that changed something, with its session and prompt', async () => {
    await edit('one');
    await start('s1', 'fix the login form');
    await edit('two');
    await end('s1');
    await start('s1', 'explain it');
    await end('s1');
    assert.deepEqual(await made(), ['auto before turn 1: fix the login form', 'agent turn 1: fix the login form']);
    const [turn, before] = await checkpoints();
    assert.deepEqual(turnOfNote(turn?.note ?? ''), {
      agent: 'claude',
      session: 's1',
      turn: 1,
      prompt: 'fix the login form',
      before: before?.id,
    });
  });

  it('records the turns of ten sessions that begin and end at the same time', async () => {
    const sessions = Array.from({ length: 10 }, (_, index) => `s${index}`);
    await edit('one');
    await Promise.all(sessions.map((session) => start(session, `task of ${session}`)));
    await edit('two');
    await Promise.all(sessions.map((session) => end(session)));
    const [first, second, ...others] = await made();
    assert.match(first ?? '', /^auto before turn 1: task of s\d$/);
    assert.match(second ?? '', /^agent turn 1: task of s\d$/);
    assert.deepEqual(others, []);
    const { dataFolder } = await openDataFolder(sandbox.workspace, dataRoot(), new Date());
    const book = await new TurnFiles(dataFolder).readBook();
    assert.deepEqual(
      book.map(({ session, isOpen }) => `${session} ${isOpen}`).toSorted(),
      sessions.map((session) => `${session} false`),
    );
  });

  it('catches up with an event whose process was killed', async () => {
    await edit('one');
    await start('s1', 'work');
    await edit('two');
    const { dataFolder } = await openDataFolder(sandbox.workspace, dataRoot(), new Date());
    const event = { kind: 'turnEnd', session: 's1', cwd: undefined, prompt: undefined, resumed: false } as const;
    await new TurnFiles(dataFolder).add('claude', event, new Date());
    await start('s1', 'more work');
    assert.deepEqual((await made()).slice(1), ['agent turn 1: work']);
  });

  it('never fails and never speaks to the agent, whatever it is given', async () => {
    const cwd = sandbox.workspace;
    const prompt = { hook_event_name: 'UserPromptSubmit', session_id: 's', cwd, prompt: 'x' };
    await hook('');
    await hook('garbage\0\xff');
    await hook({ ...prompt, hook_event_name: 'PostToolUse' });
    assert.match((await hook(prompt, 'nobody')).stderr, /There is no agent "nobody"\. *\n *There are claude, /);
    assert.match((await hook({ ...prompt, cwd: `${cwd}/missing` })).stderr, /ENOENT|does not exist/);
    assert.match((await hook({ ...prompt, cwd: '/' })).stderr, /^$/);
    assert.deepEqual(await made(), []);
  });

  it('does not wait for an agent that leaves its input open', async () => {
    await edit('one');
    const { child, finished } = sandbox.start(['hook', 'claude']);
    child.stdin?.write(
      JSON.stringify({ hook_event_name: 'UserPromptSubmit', session_id: 's', cwd: sandbox.workspace, prompt: 'x' }),
    );
    assert.equal((await finished).code, 0);
    assert.deepEqual(await made(), ['auto before turn 1: x']);
    const half = sandbox.start(['hook', 'claude']);
    half.child.stdin?.write('{"hook_event_name":');
    assert.equal((await half.finished).code, 0);
  });

  it('finds the folder that has checkpoints around the one an agent works in', async () => {
    await edit('one', 'packages/app/a.txt');
    await sandbox.run(['create', 'first']);
    const below = join(sandbox.workspace, 'packages/app');
    await start('s1', 'work below', below);
    await edit('two', 'packages/app/a.txt');
    await end('s1', below);
    assert.deepEqual(await made(), ['manual first', 'agent turn 1: work below']);
    const project = { CLAUDE_PROJECT_DIR: sandbox.workspace };
    const elsewhere = { session_id: 's2', cwd: '/' };
    await hook({ ...elsewhere, hook_event_name: 'UserPromptSubmit', prompt: 'moved' }, 'claude', project);
    await edit('three', 'packages/app/a.txt');
    await hook({ ...elsewhere, hook_event_name: 'Stop' }, 'claude', project);
    assert.deepEqual((await made()).slice(2), ['agent turn 1: moved']);
  });

  it('writes down why a checkpoint could not be made', async () => {
    const { dataFolder } = await openDataFolder('/', dataRoot(), new Date());
    await hook({ hook_event_name: 'UserPromptSubmit', session_id: 's', cwd: '/', prompt: 'x' });
    assert.match(await fs.readFile(new TurnFiles(dataFolder).log, 'utf8'), /^\d{4}-\d\d-\d\dT\S+ .+\n$/);
  });
});
