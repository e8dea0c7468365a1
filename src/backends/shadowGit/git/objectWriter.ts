import { join } from 'node:path';
import { deflate, deflateStream } from '../../../platform/compress.ts';
import { sha1 } from '../../../platform/hash.ts';
import { OutputFile, fileExists } from '../../../platform/outputFile.ts';
import { objectHeader, objectId } from './gitObjects.ts';
import type { ObjectType } from './gitObjects.ts';
import { PackFile } from './packFile.ts';

/** Up to this many objects of a batch become files of their own; more become one pack. */
const MOST_LOOSE_OBJECTS = 24;
const MOST_LOOSE_BYTES = 8 << 20;
/** How much content may wait to be compressed and written. */
const MOST_PENDING_BYTES = 64 << 20;
const OBJECT_OVERHEAD = 1024;

interface PendingObject {
  readonly id: string;
  readonly type: ObjectType;
  readonly data: Uint8Array;
}

/**
 * Objects that are written together. They are durable when `finish` has resolved, and not before: nothing may point at
 * them until then. `discard` gives up what is not finished; to call it after `finish` is harmless.
 */
export class ObjectWriter {
  readonly #objectFolder: string;
  readonly #written = new Set<string>();
  #loose: PendingObject[] = [];
  #looseBytes = 0;
  #pack: Promise<PackFile> | undefined;
  #packing: Promise<void> = Promise.resolve();
  #pendingBytes = 0;
  readonly #largeObjects: { readonly file: OutputFile; readonly id: string }[] = [];

  constructor(gitDir: string) {
    this.#objectFolder = join(gitDir, 'objects');
  }

  /** Objects that are in the store for certain: adding them again writes nothing. */
  assumePresent(ids: Iterable<string>): void {
    for (const id of ids) {
      this.#written.add(id);
    }
  }

  /** Adds an object and returns its id. */
  async add(type: ObjectType, data: Uint8Array): Promise<string> {
    const id = objectId(type, data);
    if (!this.#written.has(id)) {
      this.#written.add(id);
      await this.#put({ id, type, data });
    }
    return id;
  }

  /**
   * Adds a blob of exactly `size` bytes without ever holding all of it; undefined when there were more or fewer.
   */
  async addLarge(size: number, chunks: AsyncIterable<Uint8Array>): Promise<string | undefined> {
    const file = await OutputFile.create(this.#objectFolder, 'tmp_obj_');
    try {
      const header = objectHeader('blob', size);
      const hash = sha1().update(header);
      const counted = await compressInto(file, header, chunks, (chunk) => hash.update(chunk));
      if (counted === size) {
        const id = hash.digest('hex');
        await this.#putLarge(file, id);
        return id;
      }
      await file.discard();
      return undefined;
    } catch (error) {
      await file.discard();
      throw error;
    }
  }

  /** Makes all that was added durable. */
  async finish(): Promise<void> {
    await this.#packing;
    await Promise.all([
      ...this.#loose.map((object) => this.#writeLoose(object)),
      ...this.#largeObjects.splice(0).map(({ file, id }) => this.#commitLoose(file, id)),
      this.#pack?.then((pack) => pack.commit()),
    ]);
    this.#loose = [];
    this.#pack = undefined;
  }

  async discard(): Promise<void> {
    await this.#packing.catch(() => undefined);
    await Promise.all([
      this.#pack?.then((pack) => pack.discard()).catch(() => undefined),
      ...this.#largeObjects.splice(0).map(({ file }) => file.discard()),
    ]);
    this.#loose = [];
    this.#pack = undefined;
  }

  async #put(object: PendingObject): Promise<void> {
    if (this.#pack !== undefined) {
      return this.#enqueue(this.#pack, object);
    }
    this.#loose.push(object);
    this.#looseBytes += object.data.length;
    if (this.#loose.length > MOST_LOOSE_OBJECTS || this.#looseBytes > MOST_LOOSE_BYTES) {
      const pack = PackFile.create(join(this.#objectFolder, 'pack'));
      this.#pack = pack;
      await Promise.all(this.#loose.splice(0).map((pending) => this.#enqueue(pack, pending)));
    }
  }

  async #putLarge(file: OutputFile, id: string): Promise<void> {
    if (this.#written.has(id)) {
      return file.discard();
    }
    this.#written.add(id);
    this.#largeObjects.push({ file, id });
  }

  /** Compression runs ahead on other threads; the pack takes the results in order. */
  async #enqueue(pack: Promise<PackFile>, { id, type, data }: PendingObject): Promise<void> {
    const weight = data.length + OBJECT_OVERHEAD;
    this.#pendingBytes += weight;
    const [compressed, before] = [deflate(data), this.#packing];
    compressed.catch(() => undefined);
    this.#packing = (async () => {
      await before;
      await (await pack).add(id, type, data.length, await compressed);
      this.#pendingBytes -= weight;
    })();
    // Also awaited by `finish`; without this a failure would count as unhandled until then.
    this.#packing.catch(() => undefined);
    if (this.#pendingBytes > MOST_PENDING_BYTES) {
      await this.#packing;
    }
  }

  async #writeLoose({ id, type, data }: PendingObject): Promise<void> {
    const file = await OutputFile.create(this.#objectFolder, 'tmp_obj_');
    try {
      await file.append(await deflate(Buffer.concat([objectHeader(type, data.length), data])));
      await this.#commitLoose(file, id);
    } catch (error) {
      await file.discard();
      throw error;
    }
  }

  async #commitLoose(file: OutputFile, id: string): Promise<void> {
    const path = join(this.#objectFolder, id.slice(0, 2), id.slice(2));
    await ((await fileExists(path)) ? file.discard() : file.commit(path));
  }
}

/** Writes one object alone, durably. */
export async function writeObject(gitDir: string, type: ObjectType, data: Uint8Array): Promise<string> {
  const writer = new ObjectWriter(gitDir);
  const id = await writer.add(type, data);
  await writer.finish();
  return id;
}

async function compressInto(
  file: OutputFile,
  header: Uint8Array,
  chunks: AsyncIterable<Uint8Array>,
  onChunk: (chunk: Uint8Array) => void,
): Promise<number> {
  let counted = 0;
  const deflater = deflateStream();
  const feeding = (async () => {
    await feed(deflater, header);
    for await (const chunk of chunks) {
      counted += chunk.length;
      onChunk(chunk);
      await feed(deflater, chunk);
    }
    deflater.end();
  })();
  feeding.catch((error: unknown) => deflater.destroy(error instanceof Error ? error : new Error(String(error))));
  for await (const compressed of deflater) {
    await file.append(compressed as Uint8Array);
  }
  await feeding;
  return counted;
}

function feed(deflater: ReturnType<typeof deflateStream>, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    deflater.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}
