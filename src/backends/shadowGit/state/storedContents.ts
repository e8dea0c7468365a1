import { sha1 } from '../../../platform/hash.ts';
import type { ContentDigest } from '../../../platform/diskEntry.ts';
import type { ContentSource } from '../../../platform/pathWriter.ts';
import { objectHeader } from '../git/gitObjects.ts';
import type { ShadowRepository } from '../git/shadowRepository.ts';

const LONGEST_IN_MEMORY = 16 * 1024 * 1024;

/** Names contents as the store does: by the ids of git's blobs. */
const blobDigest: ContentDigest = (size) => {
  const hash = sha1().update(objectHeader('blob', size));
  return { update: (bytes) => void hash.update(bytes), id: () => hash.digest('hex') };
};

/** The contents of the store. Those that `sizes` says are large are never whole in memory. */
export function storedContents(repository: ShadowRepository, sizes: ReadonlyMap<string, number>): ContentSource {
  return {
    digest: blobDigest,
    async *read(content) {
      if ((sizes.get(content) ?? 0) > LONGEST_IN_MEMORY) {
        yield* repository.gitStream(['cat-file', 'blob', content]);
      } else {
        yield await repository.objects.blob(content);
      }
    },
  };
}
