import type { Change } from '../../../core/change.ts';
import { CheckpointError } from '../../../core/error.ts';
import type { Log } from '../../../platform/log.ts';
import { withChangeLists } from '../state/changeLists.ts';
import { decodeCommit } from './checkpointCommit.ts';
import { CheckpointJournal, journalIsWasteful } from './checkpointJournal.ts';
import { CheckpointRefs } from './checkpointRefs.ts';
import { type JournalLine, unpackChange } from './journalLine.ts';
import type { ShadowRepository } from '../git/shadowRepository.ts';
import { readState } from '../state/stateTree.ts';
import { diffManyStates } from '../state/treeDiff.ts';

/** All checkpoints of a store at one moment. */
export interface CatalogState {
  /** Oldest first. */
  readonly checkpoints: readonly JournalLine[];
  readonly byId: ReadonlyMap<string, JournalLine>;
  /** Ids whose commit can be read neither from the store nor from the journal. */
  readonly unreadable: readonly string[];
}

interface Loaded {
  readonly stamp: string;
  readonly state: CatalogState;
  /** Checkpoints whose ref is torn, but which the journal still knows. */
  readonly torn: readonly JournalLine[];
  /** Lines that the journal lacks, and how many it has that nothing needs. */
  readonly unsaved: readonly JournalLine[];
  readonly stale: number;
}

/** Younger changes may share their time with a change that comes after reading: file systems keep time in ticks. */
const SETTLED_MS = 2000;

/**
 * The checkpoints of a store: the refs say which there are, the journal what is known of them, and where the journal lacks
 * a line or has an outdated one it is made again from commit and trees.
 */
export class Catalog {
  readonly refs: CheckpointRefs;
  readonly journal: CheckpointJournal;
  readonly #repository: ShadowRepository;
  readonly #log: Log;
  #loaded: Loaded | undefined;

  constructor(repository: ShadowRepository, log: Log) {
    this.#repository = repository;
    this.#log = log;
    this.refs = new CheckpointRefs(repository.gitDir);
    this.journal = new CheckpointJournal(repository.dataFolder);
  }

  async read(): Promise<CatalogState> {
    return (await this.#load()).state;
  }

  /** The checkpoint with this id. Throws `notFound`, or `corrupt` for one that cannot be read. */
  async get(id: string): Promise<JournalLine> {
    const { byId, unreadable } = await this.read();
    const line = byId.get(id);
    if (line === undefined && unreadable.includes(id)) {
      throw new CheckpointError('corrupt', `The checkpoint ${id} is damaged and cannot be read.`, { details: { id } });
    }
    if (line === undefined) {
      throw new CheckpointError('notFound', `There is no checkpoint "${id}".`, { details: { id } });
    }
    return line;
  }

  /** Changes when a checkpoint was made, changed or deleted by anybody. */
  async stamp(): Promise<string> {
    return (await this.#stamp()).text;
  }

  /** Checkpoints whose ref is torn, but which the journal still knows: {@link save} writes their refs again. */
  async torn(): Promise<readonly JournalLine[]> {
    return (await this.#load()).torn;
  }

  /** Brings the journal up to date with the refs. The caller holds the store's lock. */
  async save(): Promise<void> {
    const { state, torn, unsaved, stale } = await this.#load();
    for (const { metadata, commit } of torn) {
      await this.refs.write(metadata.id, commit);
    }
    if (journalIsWasteful(state.checkpoints, stale)) {
      await this.journal.rewrite(state.checkpoints);
    } else {
      await this.journal.append(unsaved);
    }
  }

  /**
   * Notes a checkpoint that was just made on top of `state`. It exists already: what fails here fails no operation, and the
   * journal is mended at the next occasion. The caller holds the store's lock.
   */
  async add(
    state: CatalogState,
    made: Omit<JournalLine, 'format' | 'base' | 'counts' | 'changes'>,
  ): Promise<JournalLine> {
    const base = state.checkpoints.findLast((line) => byAge(line, made) < 0)?.root ?? '';
    const blank: JournalLine = { format: 1, base, ...made };
    try {
      const [line = blank] = await this.#compare([blank]);
      await this.journal.append([line]);
      await this.refs.packWhenMany();
      return line;
    } catch (error) {
      this.#log.warn(`The journal could not be written: ${String(error)}`);
      return blank;
    }
  }

  /** Notes what is now said about a checkpoint, in the same way. */
  async replace(line: JournalLine): Promise<void> {
    await this.journal.append([line]).catch((error: unknown) => {
      this.#log.warn(`The journal could not be written: ${String(error)}`);
    });
  }

  /** Whether {@link save} would write something. */
  async needsSave(): Promise<boolean> {
    const { torn, unsaved } = await this.#load();
    return torn.length + unsaved.length > 0;
  }

  /** Forgets the journal and makes it anew from refs and trees. The caller holds the store's lock. */
  async rebuild(): Promise<void> {
    await this.save();
    await this.journal.rewrite([]);
    this.#loaded = undefined;
    await this.journal.rewrite((await this.read()).checkpoints);
  }

  #compare(lines: readonly JournalLine[]): Promise<JournalLine[]> {
    return withChangeLists(this.#repository, lines, this.#log);
  }

  /** The whole list of changes of a checkpoint: from the journal, or from the trees when it was left out there. */
  async changesIn(line: JournalLine): Promise<Change[]> {
    if (line.changes !== undefined) {
      return line.changes.map(unpackChange);
    }
    const [changes = []] = await diffManyStates(this.#repository, [{ from: line.base, to: line.root }]);
    return changes;
  }

  async #stamp(): Promise<{ text: string; latestMs: number }> {
    const [refs, journal] = await Promise.all([this.refs.stamp(), this.journal.stamp()]);
    return { text: `${refs.text} ${journal.text}`, latestMs: Math.max(refs.latestMs, journal.latestMs) };
  }

  async #load(): Promise<Loaded> {
    const before = await this.#stamp();
    if (this.#loaded?.stamp === before.text) {
      return this.#loaded;
    }
    const loaded = await this.#reload(before.text);
    this.#loaded = Date.now() - before.latestMs > SETTLED_MS ? loaded : undefined;
    return loaded;
  }

  async #reload(stamp: string): Promise<Loaded> {
    const [refs, journal] = await Promise.all([this.refs.read(), this.journal.read()]);
    const lines: JournalLine[] = [];
    const unreadable: string[] = [];
    const known = [...journal.lines.values()];
    const lookUp = async (id: string, commit: string): Promise<JournalLine | undefined> =>
      commit === ''
        ? known.findLast(({ metadata }) => metadata.id === id)
        : (journal.lines.get(commit) ?? (await this.#fromCommit(id, commit)));
    const found = await Promise.all([...refs].map(async ([id, commit]) => [id, await lookUp(id, commit)] as const));
    for (const [id, line] of found) {
      if (line === undefined) {
        unreadable.push(id);
      } else {
        lines.push(line);
      }
    }
    const { checkpoints, renewed } = await this.#withCurrentChanges(lines.toSorted(byAge));
    return {
      stamp,
      state: { checkpoints, byId: new Map(checkpoints.map((line) => [line.metadata.id, line])), unreadable },
      torn: checkpoints.filter(({ metadata }) => refs.get(metadata.id) === ''),
      unsaved: renewed,
      stale: journal.stale + journal.lines.size - (checkpoints.length - renewed.length),
    };
  }

  /** A line without changes, which {@link #withCurrentChanges} adds because no state has this base. */
  async #fromCommit(id: string, commit: string): Promise<JournalLine | undefined> {
    try {
      const object = await this.#repository.objects.read(commit);
      const { root, metadata } = decodeCommit(object?.data ?? Buffer.alloc(0));
      const skipped = await readState(this.#repository.objects, root).then(
        ({ extras }) => extras.skipped,
        () => [],
      );
      return { format: 1, commit, root, base: NO_BASE, metadata, skipped };
    } catch (error) {
      this.#log.warn(`The checkpoint ${id} cannot be read: ${String(error)}`);
      return undefined;
    }
  }

  async #withCurrentChanges(
    lines: readonly JournalLine[],
  ): Promise<{ checkpoints: readonly JournalLine[]; renewed: readonly JournalLine[] }> {
    const checkpoints = lines.map((line, index) => {
      const base = lines[index - 1]?.root ?? '';
      return line.base === base ? line : { ...line, base, counts: undefined, changes: undefined };
    });
    const outdated = checkpoints.filter((line, index) => line !== lines[index]);
    const renewed = new Map((await this.#compare(outdated)).map((line) => [line.commit, line]));
    return { checkpoints: checkpoints.map((line) => renewed.get(line.commit) ?? line), renewed: [...renewed.values()] };
  }
}

/** Not the id of any tree, so that a line with it never counts as current. */
const NO_BASE = '?';

function byAge(a: Pick<JournalLine, 'metadata'>, b: Pick<JournalLine, 'metadata'>): number {
  return (
    a.metadata.seq - b.metadata.seq ||
    a.metadata.createdAt.localeCompare(b.metadata.createdAt) ||
    a.metadata.id.localeCompare(b.metadata.id)
  );
}
