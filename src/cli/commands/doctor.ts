import { z } from 'zod';
import { findInterruptedRestore, recoverRestore } from '../../app/recoverRestore.ts';
import type { Finding } from '../../core/store.ts';
import { type Answer, type Call, type Command, optionsOf, printLines } from '../command.ts';
import { EXIT } from '../messages.ts';
import { count, table, visible } from '../text.ts';

const options = z.object({ repair: z.boolean().default(false) });

export const doctor: Command = {
  name: 'doctor',
  operands: '',
  summary: 'Examine the stores: git, locks, interrupted restores, missing objects, disk use',
  options: [{ flags: '--repair', text: 'mend what can be mended safely; an interrupted restore is rolled back' }],
  example: 'doctor --repair',
  async run(call) {
    const { repair } = optionsOf(call, options);
    const rolledBack = repair ? await rollBack(call) : [];
    const examined = await Promise.all(call.stores.map((store) => examine(call, store, repair)));
    return answerOf(call, [...rolledBack, ...examined.flat()]);
  },
};

/** The state before an interrupted restore is a checkpoint, so going back to it loses nothing. */
async function rollBack(call: Call): Promise<readonly Finding[]> {
  const found = await findInterruptedRestore(call.stores);
  if (found === undefined) {
    return [];
  }
  const { restored, deleted, failed } = await recoverRestore(call.session, found, 'rollBack', call.context);
  const finding = { code: INTERRUPTED, repairable: false } as const;
  return [
    {
      ...finding,
      severity: 'ok',
      message: `An interrupted restore was rolled back: ${count(restored.length + deleted.length, 'path')}.`,
    },
    ...failed.map(({ path, reason }): Finding => ({ ...finding, severity: 'error', message: `${path}: ${reason}` })),
  ];
}

async function examine(call: Call, store: Call['session']['files'], repair: boolean): Promise<readonly Finding[]> {
  const { maintain } = store.capabilities;
  if (!maintain.available) {
    return [{ severity: 'ok', code: 'notNeeded', message: maintain.reason, repairable: false }];
  }
  const { findings } = await (repair ? maintain.use.repair(call.context) : maintain.use.examine(call.context));
  // A store leaves the choice between finishing and rolling back to people; here `--repair` is that choice.
  return findings.map((finding) => (finding.code === INTERRUPTED ? { ...finding, repairable: true } : finding));
}

const INTERRUPTED = 'interruptedRestore';

const SIGNS = { ok: 'ok', warning: 'WARNING', error: 'ERROR' } as const;
const STYLES = { ok: 'green', warning: 'yellow', error: 'red' } as const;

function answerOf(call: Call, findings: readonly Finding[]): Answer {
  const rows = findings.map(({ severity, code, message }) => [
    call.terminal.style(STYLES[severity], SIGNS[severity]),
    visible(code),
    visible(message),
  ]);
  const repairable = findings.some((finding) => finding.severity !== 'ok' && finding.repairable);
  return {
    json: () => ({
      findings: findings.map(({ severity, code, message, repairable }) => ({ severity, code, message, repairable })),
    }),
    human: async () => {
      await printLines(call, table(rows));
      if (repairable) {
        call.terminal.say('"checkpoints doctor --repair" mends what can be mended.\n');
      }
    },
    exitCode: findings.some(({ severity }) => severity === 'error') ? EXIT.failed : EXIT.done,
  };
}
