import type { Checkpoint } from './checkpoint.ts';
import { type DiskPart, RemainingBytes } from './diskUse.ts';

/** What is kept of a store's checkpoints. All times are in milliseconds, counted back from now. */
export interface RetentionRules {
  /** This many of the newest automatic checkpoints are kept whatever their age. */
  readonly newest: number;
  /** All automatic checkpoints of this time are kept. */
  readonly all: number;
  /** The last automatic checkpoint of each hour, day and week is kept for this time; 0 keeps none for that reason. */
  readonly hourly: number;
  readonly daily: number;
  readonly weekly: number;
  /** How long a safety checkpoint is kept that no undo needs any more. */
  readonly safety: number;
  /** Above this many checkpoints the oldest removable ones go too. */
  readonly maxCount: number;
  /** Above this many bytes the oldest removable ones go too. */
  readonly maxBytes: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const GIBIBYTE = 1024 ** 3;

export const DEFAULT_RETENTION: RetentionRules = {
  newest: 50,
  all: DAY,
  hourly: 3 * DAY,
  daily: 30 * DAY,
  weekly: 26 * WEEK,
  safety: 30 * DAY,
  maxCount: 1000,
  maxBytes: 10 * GIBIBYTE,
};

export interface RetentionInput {
  /** The checkpoints of one store, newest first. */
  readonly checkpoints: readonly Checkpoint[];
  readonly rules: RetentionRules;
  readonly now: Date;
  /** Ids that must stay: what undo and redo go back to, and the other parts of pairs that stay. */
  readonly needed: ReadonlySet<string>;
  /** What the store holds on the disk; empty where that is unknown. */
  readonly parts: readonly DiskPart[];
}

/** `age`: older than all rules keep, or another one stands for its hour, day or week. The others: above that limit. */
export type RemovalReason = 'age' | 'count' | 'bytes';

export interface Removal {
  readonly checkpoint: Checkpoint;
  readonly reason: RemovalReason;
}

/** Which checkpoints go and which stay, both newest first. */
export interface RetentionPlan {
  readonly removed: readonly Removal[];
  readonly kept: readonly Checkpoint[];
}

/**
 * What the rules leave of a store. Only automatic and agent checkpoints and safety ones that nothing needs can go: never
 * a manual, pinned or foreign one, never one without a time, and never the newest of the store. What is removed does not
 * depend on how often the rules are applied.
 */
export function planRetention(input: RetentionInput): RetentionPlan {
  const reasons = tooOld(input);
  addAboveLimits(input, reasons);
  const removed: Removal[] = [];
  const kept: Checkpoint[] = [];
  for (const checkpoint of input.checkpoints) {
    const reason = reasons.get(checkpoint.id);
    if (reason === undefined) {
      kept.push(checkpoint);
    } else {
      removed.push({ checkpoint, reason });
    }
  }
  return { removed, kept };
}

type Reasons = Map<string, RemovalReason>;

function tooOld(input: RetentionInput): Reasons {
  const { rules, now } = input;
  const keepsAutomatic = new AutomaticKeeper(rules, now);
  const reasons: Reasons = new Map();
  for (const checkpoint of input.checkpoints) {
    const isKept =
      checkpoint.origin === 'safety' ? ageOf(checkpoint, now) <= rules.safety : keepsAutomatic.look(checkpoint);
    if (!isKept && isRemovable(checkpoint, input)) {
      reasons.set(checkpoint.id, 'age');
    }
  }
  return reasons;
}

/** Goes through the automatic checkpoints, newest first, and remembers which spans of time have one already. */
class AutomaticKeeper {
  readonly #rules: RetentionRules;
  readonly #now: Date;
  readonly #spans = new Set<string>();
  #seen = 0;

  constructor(rules: RetentionRules, now: Date) {
    this.#rules = rules;
    this.#now = now;
  }

  look(checkpoint: Checkpoint): boolean {
    if (!isAutomatic(checkpoint) || checkpoint.createdAt === undefined) {
      return true;
    }
    this.#seen += 1;
    const { newest, all, hourly, daily, weekly } = this.#rules;
    const age = ageOf(checkpoint, this.#now);
    const [hour, day, week] = spansOf(new Date(checkpoint.createdAt));
    // Every span is noted, so that a checkpoint that is kept for one reason also stands for its other spans.
    const standsForHour = this.#isFirstOf(hour);
    const standsForDay = this.#isFirstOf(day);
    const standsForWeek = this.#isFirstOf(week);
    return (
      this.#seen <= newest ||
      age <= all ||
      (standsForHour && age <= hourly) ||
      (standsForDay && age <= daily) ||
      (standsForWeek && age <= weekly)
    );
  }

  #isFirstOf(span: string): boolean {
    const isFirst = !this.#spans.has(span);
    this.#spans.add(span);
    return isFirst;
  }
}

/** Takes the oldest removable ones, automatic before safety, until the limits hold. */
function addAboveLimits(input: RetentionInput, reasons: Reasons): void {
  const { rules, parts } = input;
  const left = input.checkpoints.filter(({ id, origin }) => !reasons.has(id) && origin !== 'foreign');
  const remaining = new RemainingBytes(parts, new Set(left.map(({ id }) => id)));
  let count = left.length;
  const candidates = left.filter((checkpoint) => isRemovable(checkpoint, input)).toReversed();
  const [automatic, safety] = [candidates.filter(isAutomatic), candidates.filter((each) => !isAutomatic(each))];
  const forBytes: string[] = [];
  for (const { id } of [...automatic, ...safety]) {
    if (count > rules.maxCount) {
      reasons.set(id, 'count');
    } else if (remaining.bytes > rules.maxBytes) {
      reasons.set(id, 'bytes');
      forBytes.push(id);
    } else {
      break;
    }
    count -= 1;
    remaining.remove(id);
  }
  keepWhatFreesNothing(forBytes.toReversed(), remaining, reasons);
}

/** Against too many bytes it does not help to remove one whose contents all stay anyway. */
function keepWhatFreesNothing(ids: readonly string[], remaining: RemainingBytes, reasons: Reasons): void {
  for (const id of ids) {
    const before = remaining.bytes;
    remaining.putBack(id);
    if (remaining.bytes === before) {
      reasons.delete(id);
    } else {
      remaining.remove(id);
    }
  }
}

function isAutomatic({ origin }: Checkpoint): boolean {
  return origin === 'auto' || origin === 'agent';
}

function isRemovable(checkpoint: Checkpoint, { checkpoints, needed }: RetentionInput): boolean {
  const { id, origin, pinned, createdAt } = checkpoint;
  const hasRightOrigin = isAutomatic(checkpoint) || origin === 'safety';
  return hasRightOrigin && !pinned && createdAt !== undefined && id !== checkpoints[0]?.id && !needed.has(id);
}

/** Negative for a time in the future, which a clock that was wrong leaves behind. */
function ageOf({ createdAt }: Checkpoint, now: Date): number {
  return createdAt === undefined ? 0 : now.getTime() - Date.parse(createdAt);
}

/** Names of the local hour, day and week (from Monday) of a time. */
function spansOf(time: Date): readonly [hour: string, day: string, week: string] {
  const day = new Date(time.getFullYear(), time.getMonth(), time.getDate());
  const monday = new Date(day.getFullYear(), day.getMonth(), day.getDate() - ((day.getDay() + 6) % 7));
  return [`hour ${day.getTime()} ${time.getHours()}`, `day ${day.getTime()}`, `week ${monday.getTime()}`];
}
