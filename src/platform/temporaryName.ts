const PATTERN = /^\.snapshot-timeline-[0-9a-f]{16}-\d+-(?:new|old)\.tmp$/;

/** What a temporary file in the workspace is: content on its way in, or the content that has to make room. */
export type TemporaryRole = 'new' | 'old';

/** Name of a temporary file beside the path of a restore's step; whoever knows the restore can find it again. */
export function temporaryName(restoreId: string, step: number, role: TemporaryRole): string {
  return `.snapshot-timeline-${restoreId}-${step}-${role}.tmp`;
}

/** Whether a file name (without folders) is one of a restore's temporary files, which no checkpoint holds. */
export function isTemporaryName(name: string): boolean {
  return PATTERN.test(name);
}
