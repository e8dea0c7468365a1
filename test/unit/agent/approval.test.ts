import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { approveBy } from '../../../src/agent/approval.ts';

describe('What agents may do', () => {
  it('is asked, allowed or refused by the policy', async () => {
    const request = { tool: 'snapshots_delete', question: 'Delete?', verb: 'Delete', paths: [] };
    const asked: string[] = [];
    const ask = async ({ question }: { question: string }) => {
      asked.push(question);
      return { allowed: true } as const;
    };
    const answers: boolean[] = [];
    for (const policy of ['allow', 'refuse', 'ask'] as const) {
      answers.push((await approveBy(policy, ask)(request)).allowed);
    }
    assert.deepEqual([answers, asked], [[true, false, true], ['Delete?']]);
  });
});
