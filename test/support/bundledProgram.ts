import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';

/** A program of this folder as a bundle, which starts several times faster than the sources. */
export class BundledProgram {
  readonly #file: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(file: string) {
    this.#file = file;
    this.#env = { ...process.env, NODE_COMPILE_CACHE: `${file}.cache` };
  }

  static async make(name: string, folder: string): Promise<BundledProgram> {
    const outfile = `${folder}/${name}.mjs`;
    await build({
      entryPoints: [new URL(`${name}.ts`, import.meta.url).pathname],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    });
    return new BundledProgram(outfile);
  }

  /** Starts it, lets it live for a random time after its first words, kills it and returns all that it said. */
  async liveAndDie(args: readonly string[], longestLifeMs: number): Promise<string> {
    const child = spawn(process.execPath, [this.#file, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: this.#env,
    });
    let words = '';
    child.stdout.on('data', (chunk: Buffer) => (words += String(chunk)));
    const ended = once(child, 'close');
    await Promise.race([once(child.stdout, 'data'), ended]);
    await sleep(Math.random() * longestLifeMs);
    child.kill('SIGKILL');
    await ended;
    return words;
  }
}
