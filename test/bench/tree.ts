import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILES_PER_FOLDER = 12;
const LINE = 'export const value = compute(previous, 42); // a line of about the usual length\n';

/** A small deterministic generator (mulberry32), so that every run measures the same tree. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Bytes of one file: log-normal with a median of about 2.5 KB, as in real source trees. */
function fileSize(next: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return Math.min(400_000, Math.max(20, Math.round(Math.exp(7.8 + 1.2 * normal))));
}

export function fileName(index: number): string {
  const folder = Math.floor(index / FILES_PER_FOLDER);
  return `src/a${folder % 20}/b${Math.floor(folder / 20) % 25}/c${folder}/file${index}.ts`;
}

/** Makes `count` files, half as many ignored ones, and a git repository that has them committed and packed, as a clone has. */
export function makeTree(root: string, count: number): void {
  const next = random(7);
  const body = LINE.repeat(6000);
  for (let index = 0; index < count; index += 1) {
    const name = join(root, fileName(index));
    if (index % FILES_PER_FOLDER === 0) {
      mkdirSync(join(name, '..'), { recursive: true });
    }
    writeFileSync(name, `// ${index}\n${body.slice(0, fileSize(next))}`);
  }
  writeFileSync(join(root, '.gitignore'), 'ignored/\n');
  for (let index = 0; index < count / 2; index += 1) {
    const folder = join(root, 'ignored', `d${Math.floor(index / 50)}`);
    if (index % 50 === 0) {
      mkdirSync(folder, { recursive: true });
    }
    writeFileSync(join(folder, `f${index}`), 'x');
  }
  for (const args of [
    ['init', '-q'],
    ['add', '-A'],
    ['commit', '-qm', 'tree'],
    ['repack', '-adq'],
  ]) {
    execFileSync('git', ['-c', 'user.name=b', '-c', 'user.email=b@localhost', '-c', 'gc.auto=0', ...args], {
      cwd: root,
    });
  }
}

/** Gives `count` files spread over the tree a content that no earlier round wrote. */
export function changeFiles(root: string, total: number, count: number, round: string): string[] {
  const step = Math.max(1, Math.floor(total / count));
  const names: string[] = [];
  for (let at = 0; at < count; at += 1) {
    const name = fileName((at * step + 5) % total);
    writeFileSync(join(root, name), `// ${round} ${at}\n${LINE.repeat(20)}`);
    names.push(name);
  }
  return names;
}
