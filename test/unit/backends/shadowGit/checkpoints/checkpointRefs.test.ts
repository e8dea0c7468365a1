import assert from 'node:assert/strict';
import { promises as fs } from 'node:fs';
import os from 'node:os';
import { CheckpointRefs } from '../../../../../src/backends/shadowGit/checkpoints/checkpointRefs.ts';

const id = (number: number): string => String(number).padStart(16, '0');
const commit = (digit: string): string => digit.repeat(40);

describe('the refs of checkpoints', () => {
  let gitDir: string;
  let refs: CheckpointRefs;

  beforeEach(async () => {
    gitDir = await fs.mkdtemp(`${os.tmpdir()}/snapshot-timeline-refs-`);
    refs = new CheckpointRefs(gitDir);
  });

  afterEach(() => fs.rm(gitDir, { recursive: true }));

  async function shown(): Promise<string> {
    const all = [...(await refs.read())].map(([name, value]) => `${Number(name)}=${value.slice(0, 1)}`);
    return `${all.toSorted().join(' ')} (${(await fs.readdir(refs.folder)).length} loose)`;
  }

  it('are found loose and packed, and the loose one counts', async () => {
    await refs.write(id(1), commit('a'));
    await refs.write(id(2), commit('b'));
    await refs.packWhenMany(1);
    await refs.write(id(2), commit('c'));
    await refs.write(id(3), commit('d'));
    assert.equal(await shown(), '1=a 2=c 3=d (2 loose)');
  });

  it('stay loose while there are few', async () => {
    await refs.write(id(1), commit('a'));
    await refs.packWhenMany(1);
    assert.equal(await shown(), '1=a (1 loose)');
  });

  it('are deleted in both places, and the others stay', async () => {
    await refs.write(id(1), commit('a'));
    await refs.write(id(2), commit('b'));
    await refs.packWhenMany(0);
    await refs.write(id(2), commit('c'));
    await refs.write(id(3), commit('d'));
    await refs.delete([id(2), id(3)]);
    assert.equal(await shown(), '1=a (0 loose)');
  });

  it('keep other packed refs when they are packed and deleted', async () => {
    await fs.writeFile(`${gitDir}/packed-refs`, `# pack-refs with: sorted \n${commit('e')} refs/captures/last\n`);
    await refs.write(id(1), commit('a'));
    await refs.packWhenMany(0);
    await refs.delete([id(1)]);
    const packed = await fs.readFile(`${gitDir}/packed-refs`, 'utf8');
    assert.equal(packed.split('\n').slice(1).join('\n'), `${commit('e')} refs/captures/last\n`);
  });

  it('are known without their commit when they are torn, and never made of temporary files', async () => {
    await refs.write(id(1), commit('a'));
    await fs.writeFile(`${refs.folder}/${id(2)}`, '');
    await fs.writeFile(`${refs.folder}/${id(3)}.0011.tmp`, `${commit('f')}\n`);
    assert.equal(await shown(), '1=a 2= (3 loose)');
  });

  it('have a stamp that tells each kind of change', async () => {
    const stamps = [(await refs.stamp()).text];
    const after = async (change: Promise<void>): Promise<void> => {
      await change;
      stamps.push((await refs.stamp()).text);
    };
    await after(refs.write(id(1), commit('a')));
    await after(refs.packWhenMany(0));
    await after(refs.delete([id(1)]));
    assert.equal(new Set(stamps).size, 4);
  });
});
