import * as vscode from 'vscode';
import { turnOfNote } from '../../core/agentTurn.ts';
import type { Checkpoint } from '../../core/checkpoint.ts';
import { age, checkpointsText, dayLabel, turnsText } from '../format.ts';
import type { GroupKind } from './groups.ts';

/** What a group of checkpoints shows. */
export interface GroupLooks {
  readonly label: string;
  readonly description: string;
  readonly icon: string;
  readonly isOpen: boolean;
}

export function groupLooks(kind: GroupKind, members: readonly Checkpoint[]): GroupLooks {
  const [newest] = members;
  switch (kind) {
    case 'day':
      return {
        label: dayLabel(newest?.createdAt),
        description: checkpointsText(members.length),
        icon: 'calendar',
        isOpen: true,
      };
    case 'automatic':
      return {
        label: vscode.l10n.t('{0} automatic', members.length),
        description: dayLabel(newest?.createdAt),
        icon: 'clock',
        isOpen: false,
      };
    case 'session':
      return sessionLooks(members);
  }
}

function sessionLooks(members: readonly Checkpoint[]): GroupLooks {
  const first = turnOfNote(members.at(-1)?.note ?? '');
  return {
    label: first?.prompt || vscode.l10n.t('Session of an agent'),
    description: [first?.agent, turnsText(members.length), age(members[0]?.createdAt)].filter(Boolean).join(' · '),
    icon: 'comment-discussion',
    isOpen: true,
  };
}
