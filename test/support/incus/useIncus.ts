import { after, before } from 'mocha';
import { startIncus, whyNoIncus, type DaemonOptions, type IncusDaemon } from './incusDaemon.ts';
import { skip } from '../../tools/skip.ts';

/** Several start at a time, on machines that are busy with other tests too. */
const START_LIMIT_MS = 180_000;

/** Gives the tests of the surrounding `describe` one daemon, or skips them with the reason. */
export function useIncus(options: DaemonOptions = {}): () => IncusDaemon {
  let daemon: IncusDaemon | undefined;
  before(async function start() {
    const reason = await whyNoIncus();
    if (reason !== undefined) {
      skip(this, reason);
    }
    this.timeout(START_LIMIT_MS);
    daemon = await startIncus(options);
  });
  after(async function stop() {
    this.timeout(60_000);
    await daemon?.dispose();
  });
  return () => {
    if (daemon === undefined) {
      throw new Error('The daemon is not running yet.');
    }
    return daemon;
  };
}
