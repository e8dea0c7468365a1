import { readFileSync } from 'node:fs';

export interface Sample {
  readonly wallMs: number;
  /** Processor time of this process and of the children that have ended; absent where the system does not tell. */
  readonly cpuMs: number | undefined;
}

const CLOCK_TICKS_PER_SECOND = 100;

/** Fields 14 to 17 of /proc/self/stat (proc(5)): user and system time of this process and of its waited-for children. */
function cpuMs(): number | undefined {
  try {
    const text = readFileSync('/proc/self/stat', 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return (ticks * 1000) / CLOCK_TICKS_PER_SECOND;
  } catch {
    return undefined;
  }
}

export async function measure(work: () => Promise<unknown>): Promise<Sample> {
  const cpuBefore = cpuMs();
  const before = performance.now();
  await work();
  const wallMs = performance.now() - before;
  const cpuAfter = cpuMs();
  return { wallMs, cpuMs: cpuBefore === undefined || cpuAfter === undefined ? undefined : cpuAfter - cpuBefore };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
