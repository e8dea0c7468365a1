/**
 * The part that is used of the proposed API "timeline" of VS Code (src/vscode-dts/vscode.proposed.timeline.d.ts there).
 * Where the proposal is not enabled, `registerTimelineProvider` exists and throws.
 */
declare module 'vscode' {
  export class TimelineItem {
    constructor(label: string, timestamp: number);
    id?: string;
    timestamp: number;
    label: string;
    description?: string;
    tooltip?: string | MarkdownString;
    iconPath?: ThemeIcon;
    command?: Command;
    contextValue?: string;
    accessibilityInformation?: AccessibilityInformation;
  }

  export interface TimelineChangeEvent {
    /** Absent when every file is meant. */
    uri?: Uri;
    reset?: boolean;
  }

  export interface Timeline {
    readonly paging?: { readonly cursor: string | undefined };
    readonly items: readonly TimelineItem[];
  }

  export interface TimelineOptions {
    /** The end of the page before. */
    cursor?: string;
    /** How many items, or the item (by time and id) up to which all are wanted. */
    limit?: number | { timestamp: number; id?: string };
  }

  export interface TimelineProvider {
    readonly id: string;
    readonly label: string;
    onDidChange?: Event<TimelineChangeEvent | undefined>;
    provideTimeline(uri: Uri, options: TimelineOptions, token: CancellationToken): ProviderResult<Timeline>;
  }

  export namespace workspace {
    export function registerTimelineProvider(scheme: string | string[], provider: TimelineProvider): Disposable;
  }
}
