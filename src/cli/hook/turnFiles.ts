import { join } from 'node:path';
import { z } from 'zod';
import { HOOK_AGENTS, type HookAgent, type HookEvent } from '../../agent/hookEvent.ts';
import type { TurnBook } from '../../agent/turnBook.ts';
import { readJson, writeFileAtomic } from '../../platform/atomicFile.ts';
import { factsOf, makeFolder, namesIn, randomHex, removeFile } from '../../platform/dataFiles.ts';

/** An event of an agent that waits for its checkpoint, in a file of its own. */
export interface QueuedEvent {
  readonly file: string;
  readonly agent: HookAgent;
  readonly event: HookEvent;
}

const eventSchema = z.object({
  agent: z.enum(HOOK_AGENTS),
  event: z.object({
    kind: z.enum(['turnStart', 'turnEnd', 'sessionEnd']),
    session: z.string(),
    cwd: z.string().optional(),
    prompt: z.string().optional(),
    resumed: z.boolean(),
  }),
});

const bookSchema = z.object({
  format: z.literal(1),
  turns: z.array(
    z.object({
      agent: z.string(),
      session: z.string(),
      turn: z.int().positive(),
      prompt: z.string(),
      before: z.string().optional(),
      isOpen: z.boolean(),
    }),
  ),
});

/** What the hooks of agents leave in the data folder of a workspace: `turns/queue/*.json`, `turns/book.json`. */
export class TurnFiles {
  readonly #folder: string;
  readonly #queue: string;

  constructor(dataFolder: string) {
    this.#folder = join(dataFolder, 'turns');
    this.#queue = join(this.#folder, 'queue');
  }

  /** Whoever works on the queue holds this lock. */
  get lock(): string {
    return join(this.#folder, 'lock');
  }

  get log(): string {
    return join(this.#folder, 'log.txt');
  }

  /** Adds an event; the names of the files keep the order in which they came. */
  async add(agent: HookAgent, event: HookEvent, now: Date): Promise<string> {
    await makeFolder(this.#queue);
    const file = join(this.#queue, `${String(now.getTime()).padStart(16, '0')}-${randomHex(4)}.json`);
    await writeFileAtomic(file, JSON.stringify({ agent, event }));
    return file;
  }

  /** The oldest event; files that hold none are removed. */
  async first(): Promise<QueuedEvent | undefined> {
    for (const name of (await namesIn(this.#queue)).filter((each) => each.endsWith('.json'))) {
      const file = join(this.#queue, name);
      const { data } = eventSchema.safeParse(await readJson(file));
      if (data !== undefined) {
        const { cwd, prompt, ...event } = data.event;
        return { file, agent: data.agent, event: { ...event, cwd, prompt } };
      }
      await removeFile(file);
    }
    return undefined;
  }

  async isWaiting(file: string): Promise<boolean> {
    return (await factsOf(file)) !== undefined;
  }

  /** Empty when there is none, or it cannot be read. */
  async readBook(): Promise<TurnBook> {
    const { data } = bookSchema.safeParse(await readJson(join(this.#folder, 'book.json')));
    return (data?.turns ?? []).map(({ before, ...turn }) => (before === undefined ? turn : { ...turn, before }));
  }

  async writeBook(turns: TurnBook): Promise<void> {
    await writeFileAtomic(join(this.#folder, 'book.json'), `${JSON.stringify({ format: 1, turns })}\n`);
  }
}
