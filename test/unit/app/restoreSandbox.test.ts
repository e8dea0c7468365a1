import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { FoundCheckpoint } from '../../../src/app/findCheckpoint.ts';
import {
  previewSandboxRestore,
  restoreSandbox,
  type SandboxProposal,
  type SandboxQuestions,
} from '../../../src/app/restoreSandbox.ts';
import { requireCapability } from '../../../src/core/capabilities.ts';
import { MemorySandbox, type MemorySandboxOptions } from '../../support/memorySandbox.ts';

async function open(options: MemorySandboxOptions = {}) {
  const store = new MemorySandbox(options);
  const create = requireCapability(store.capabilities.create);
  const checkpoint = await create({ origin: 'manual', label: 'first' });
  await create({ origin: 'manual', label: 'second' });
  assert.ok(checkpoint);
  store.trace.length = 0;
  const target: FoundCheckpoint = { checkpoint, store };
  const asked: SandboxProposal[] = [];
  const person = (answer: boolean, mayStop = true): SandboxQuestions => ({
    mayStop,
    confirm: async (proposal) => {
      asked.push(proposal);
      return answer;
    },
  });
  return { store, target, asked, person };
}

describe('restoring a sandbox', () => {
  it('asks once, then stops it only where it is not stopped', async () => {
    for (const [state, done] of [
      ['running', 'restore 1000 (stop, safety)'],
      ['stopped', 'restore 1000 (safety)'],
    ] as const) {
      const { store, target, asked, person } = await open({ state });
      const report = await restoreSandbox(target, person(true));
      assert.deepEqual([store.trace, asked.map(({ plan }) => plan.state)], [[done], [state]]);
      assert.equal(report?.safetyCheckpoint, 'safe');
    }
  });

  it('does nothing for somebody who declines', async () => {
    const { store, target, person } = await open({ state: 'running' });
    assert.equal(await restoreSandbox(target, person(false)), undefined);
    assert.deepEqual(store.trace, []);
  });

  it('is refused without a question where it must not be stopped, or something is in the way', async () => {
    const running = await open({ state: 'running' });
    await assert.rejects(restoreSandbox(running.target, running.person(true, false)), {
      reason: 'sandboxRunning',
      message: 'The container "c1" is running. Nothing was changed.',
      details: { code: 'notStopped', sandbox: 'c1', state: 'running' },
    });
    const busy = await open({ findings: [{ severity: 'blocker', code: 'busy', message: 'It is busy.' }] });
    await assert.rejects(restoreSandbox(busy.target, busy.person(true)), { reason: 'busy' });
    assert.deepEqual([running.asked, busy.asked, running.store.trace, busy.store.trace], [[], [], [], []]);
  });

  it('names the later checkpoints that have to go, before and after', async () => {
    const { target, asked, person, store } = await open({ onlyNewest: true });
    const report = await restoreSandbox(target, person(true));
    assert.deepEqual(
      [asked[0]?.later.map(({ label }) => label), report?.deleted, store.trace],
      [['second'], ['2000'], ['restore 1000 (deleteLater, safety)']],
    );
  });

  it('is previewed without a question or a change', async () => {
    const { target, store } = await open({ state: 'frozen' });
    const { plan } = await previewSandboxRestore(target);
    assert.deepEqual([plan.state, plan.findings.map(({ code }) => code), store.trace], ['frozen', ['notStopped'], []]);
  });
});
