import { Readable } from 'node:stream';

/** Hands the output of one program to another as its input. When the first fails, that is what is thrown. */
export async function pipeOutput(
  output: AsyncIterable<Uint8Array>,
  into: (stdin: Readable) => Promise<unknown>,
): Promise<void> {
  const failures: unknown[] = [];
  const guarded = async function* (): AsyncIterable<Uint8Array> {
    try {
      yield* output;
    } catch (error) {
      failures.push(error);
    }
  };
  try {
    await into(Readable.from(guarded()));
  } catch (error) {
    failures.push(error);
  }
  if (failures.length > 0) {
    throw failures[0];
  }
}
