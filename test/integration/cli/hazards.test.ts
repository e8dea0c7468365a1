import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { openDataFolder } from '../../../src/platform/dataFolder.ts';
import { acquireFileLock } from '../../../src/platform/fileLock.ts';
import { type CommandLineSandbox, finish, MAIN, makeCommandLineSandbox } from '../../support/commandLineProcess.ts';
import { documents } from '../../support/commandLineSchemas.ts';
import { renderFolder, type TreeLiteral, writeTree } from '../../support/folderTree.ts';
import { skip } from '../../tools/skip.ts';

describe('the command line in hard conditions', () => {
  let sandbox: CommandLineSandbox;

  beforeEach(async () => {
    sandbox = await makeCommandLineSandbox();
  });

  afterEach(() => sandbox.dispose());

  /** Runs a line of shell in which `"$@"` calls the command line. */
  const shell = (script: string) =>
    finish(
      spawn('/bin/sh', ['-c', script, 'sh', process.execPath, MAIN], { cwd: sandbox.workspace, env: process.env }),
    );

  const dataFolder = async () => (await openDataFolder(sandbox.workspace, sandbox.dataHome, new Date())).dataFolder;

  const manyFiles = (count: number, content: string): TreeLiteral =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, `${content} ${index}`]));

  it('takes names with line breaks, leading dashes and bytes that are not UTF-8', async () => {
    const odd = { 'new\nline': '1', '-rf': '2', 'by\uDCFFte': '3', '*': '4' };
    await writeTree(sandbox.workspace, odd);
    const { checkpoint } = await sandbox.json(documents.create, ['create', 'first']);
    const { changes } = await sandbox.json(documents.show, ['show', 'first']);
    assert.deepEqual(changes.map(({ path }) => path).toSorted(), Object.keys(odd).toSorted());
    assert.equal(checkpoint?.changes?.added, 4);
    const read = await shell(
      `"$@" cat first "$(printf 'new\\nline')"; "$@" cat first -- -rf; "$@" cat first "$(printf 'by\\377te')"; "$@" cat first '*'`,
    );
    assert.equal(read.stdout.toString(), '1234', read.stderr);
    await writeTree(sandbox.workspace, Object.fromEntries(Object.keys(odd).map((path) => [path, 'changed'])));
    const mistaken = await shell(`"$@" revert --yes -- -rf --json`);
    assert.equal(mistaken.code, 1, 'what follows two dashes is a path, and there is none of that name');
    await shell(`"$@" revert --yes -- -rf "$(printf 'by\\377te')" '*'`);
    assert.equal(
      await renderFolder(sandbox.workspace),
      ['644 "*" "4"', '644 -rf "2"', `644 ${JSON.stringify('by\uDCFFte')} "3"`, '644 "new\\nline" "changed"'].join(
        '\n',
      ),
    );
  });

  it('never lets a name or a title control the terminal', async () => {
    await writeTree(sandbox.workspace, { 'a\u001B]0;owned\u0007\u009B2J': '1' });
    const outputs = [
      await sandbox.run(['create', 'x\u001B[2Jy', '--note', '\u001B[31mred']),
      await sandbox.run(['list']),
      await sandbox.run(['show', '@latest']),
      await sandbox.run(['history', 'a\u001B]0;owned\u0007\u009B2J']),
      await sandbox.run(['show', '\u001B[2J']),
      await sandbox.run(['\u001B[2J']),
    ];
    const shown = outputs.map(({ stdout, stderr }) => stdout.toString('utf8') + stderr).join('');
    assert.doesNotMatch(shown.replaceAll('\n', ''), /\p{Cc}/u);
    assert.ok(shown.includes('+ a\\e]0;owned\\x07\\x9b2J'), shown);
  });

  it('creates ten checkpoints at once', async () => {
    await writeTree(sandbox.workspace, { a: '1' });
    const all = await Promise.all(
      Array.from({ length: 10 }, (_, index) => sandbox.run(['create', `parallel-${index}`])),
    );
    assert.deepEqual(
      all.map(({ code, stderr }) => `${code}${code === 0 ? '' : stderr}`),
      Array<string>(10).fill('0'),
    );
    const { checkpoints } = await sandbox.json(documents.list, ['list']);
    assert.equal(new Set(checkpoints.map(({ label }) => label)).size, 10);
    const { findings } = await sandbox.json(documents.doctor, ['doctor']);
    assert.deepEqual(
      findings.filter(({ severity }) => severity !== 'ok'),
      [],
    );
  });

  it('is interrupted cleanly while it creates', async () => {
    await writeTree(sandbox.workspace, manyFiles(3000, 'content'));
    const lock = `${await dataFolder()}/lock`;
    const { child, finished } = sandbox.start(['create', 'interrupted', '--json']);
    while (!existsSync(lock)) {
      await sleep(2);
    }
    child.kill('SIGINT');
    const { code, stdout } = await finished;
    assert.equal(code, 130);
    assert.equal(documents.error.parse(JSON.parse(stdout.toString())).error.reason, 'cancelled');
    assert.deepEqual((await sandbox.json(documents.list, ['list'])).checkpoints, []);
    assert.equal((await sandbox.json(documents.create, ['create', 'after'])).checkpoint?.changes?.added, 3000);
    const { findings } = await sandbox.json(documents.doctor, ['doctor']);
    assert.deepEqual(
      findings.filter(({ severity }) => severity !== 'ok'),
      [],
    );
  });

  it('says whom it waits for, and goes on when the wait is over', async () => {
    await writeTree(sandbox.workspace, { a: '1' });
    const lock = await acquireFileLock(`${await dataFolder()}/lock`, { timeoutMs: 1000 });
    const { child, finished } = sandbox.start(['create', 'patient']);
    const told = Promise.withResolvers<string>();
    child.stderr?.once('data', (chunk: Buffer) => told.resolve(chunk.toString()));
    assert.match(await told.promise, new RegExp(`^Waiting .*process ${process.pid}`));
    await lock.release();
    assert.equal((await finished).code, 0);
  });

  it('takes a restore back that was killed', async () => {
    const { workspace } = sandbox;
    await writeTree(workspace, manyFiles(400, 'old'));
    await sandbox.json(documents.create, ['create', 'first']);
    await writeTree(workspace, manyFiles(400, 'new'));
    const before = await renderFolder(workspace);
    const { child, finished } = sandbox.start(['restore', 'first', '--yes']);
    while ((await readFile(`${workspace}/f0`, 'utf8').catch(() => '')) !== 'old 0') {
      await sleep(1);
    }
    child.kill('SIGKILL');
    await finished;
    const refused = await sandbox.json(documents.error, ['restore', 'first', '--yes'], 3);
    assert.match(refused.error.hint ?? '', /doctor --repair/);
    const examined = await sandbox.json(documents.doctor, ['doctor'], 0);
    assert.ok(examined.findings.some(({ severity, repairable }) => severity !== 'ok' && repairable));
    await sandbox.run(['doctor', '--repair']);
    assert.equal(await renderFolder(workspace), before);
    await sandbox.json(documents.error, ['undo', '--yes'], 1);
    assert.equal((await sandbox.json(documents.report, ['restore', 'first', '--yes'])).restored.length, 400);
  });

  it('ends quietly when nobody reads its answer any more', async () => {
    await writeTree(sandbox.workspace, { big: Buffer.alloc(4 << 20, 'x\n') });
    await sandbox.json(documents.create, ['create', 'first']);
    const { code, stdout, stderr } = await shell(`"$@" cat first big | head -c 4`);
    assert.deepEqual([code, stdout.toString(), stderr], [0, 'x\nx\n', '']);
  });

  it('asks on a terminal, in colours unless they are unwanted', async function () {
    if (process.platform !== 'linux') {
      skip(this, 'needs the program "script" of util-linux');
    }
    await writeTree(sandbox.workspace, { a: '1' });
    await sandbox.json(documents.create, ['create', 'first']);
    await writeTree(sandbox.workspace, { a: '2' });
    const onTerminal = (args: string, answer: string, env = '') =>
      shell(`printf '${answer}' | script -qec "${env} '$1' '$2' ${args}" /dev/null; exit $?`);
    const declined = await onTerminal('restore first', 'n\\n');
    assert.match(declined.stdout.toString(), /~ a[^]*Restore "first"[^]*\[y\/N\][^]*Nothing was changed\./);
    assert.deepEqual([declined.code, await renderFolder(sandbox.workspace)], [3, '644 a "2"']);
    const agreed = await onTerminal('restore first', 'y\\n');
    assert.deepEqual([agreed.code, await renderFolder(sandbox.workspace)], [0, '644 a "1"']);
    const [plain, coloured] = await Promise.all(['NO_COLOR=1', ''].map((env) => onTerminal('list', '', env)));
    const text = (finished: typeof plain) => finished?.stdout.toString() ?? '';
    assert.equal(text(plain), stripVTControlCharacters(text(plain)));
    assert.notEqual(text(coloured), stripVTControlCharacters(text(coloured)));
  });
});
