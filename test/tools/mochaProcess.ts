// `node mochaProcess.ts RESULTS_FILE TEST_FILE…`: one process of a test run.
import { runMocha } from './runMocha.ts';
import { exitOnSignals } from './runProcess.ts';

exitOnSignals();

const [resultsFile = '', ...files] = process.argv.slice(2);
// exits even when a test left something open, as a hanging run tells nobody anything
process.exit((await runMocha(files, resultsFile)) === 0 ? 0 : 1);
