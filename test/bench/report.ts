import { median, type Sample } from './measure.ts';

/** The samples of every way for one operation. */
export interface Row {
  readonly operation: string;
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
}

/** One table: median wall time, its range and processor time of each way, and ours as a part of each other way. */
export function formatTable(rows: readonly Row[], ours: string): string {
  const lines = rows.flatMap((row) => formatRow(row, ours));
  const header = ['operation', 'way', 'median ms', 'min–max', 'cpu ms', 'ours is'];
  const cells = [header, ...lines];
  const widths = header.map((_, column) => Math.max(...cells.map((line) => (line[column] ?? '').length)));
  return cells
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function formatRow(row: Row, ours: string): string[][] {
  const own = wall(row.samples.get(ours) ?? []);
  return [...row.samples].map(([way, samples], index) => {
    const times = samples.map((sample) => sample.wallMs);
    const processor = samples.flatMap((sample) => (sample.cpuMs === undefined ? [] : [sample.cpuMs]));
    return [
      index === 0 ? row.operation : '',
      way,
      round(wall(samples)),
      `${round(Math.min(...times))}–${round(Math.max(...times))}`,
      processor.length === 0 ? '?' : round(median(processor)),
      way === ours ? '' : ratio(own, wall(samples)),
    ];
  });
}

function wall(samples: readonly Sample[]): number {
  return median(samples.map((sample) => sample.wallMs));
}

function round(value: number): string {
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}

function ratio(own: number, other: number): string {
  return own <= other ? `1/${(other / own).toFixed(1)}` : `${(own / other).toFixed(1)}×`;
}
