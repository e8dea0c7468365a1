/** Runs `action` for every item, at most `limit` at a time. The first failure stops the rest from being begun. */
export async function forEachLimited<T>(
  items: Iterable<T>,
  limit: number,
  action: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  const stop = new AbortController();
  const work = async (): Promise<void> => {
    for (let next = iterator.next(); !stop.signal.aborted && !next.done; next = iterator.next()) {
      try {
        await action(next.value);
      } catch (error) {
        stop.abort();
        throw error;
      }
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: limit }, work));
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure !== undefined) {
    throw failure.reason;
  }
}
