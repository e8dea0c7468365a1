import { join } from 'node:path';
import { runProcess } from './runProcess.ts';

/** Makes the extension's package without printing anything; with `flags` as `npm run package` takes them. */
export async function packageExtension(file: string, ...flags: readonly string[]): Promise<string> {
  const script = join(import.meta.dirname, 'package.ts');
  const { code, output } = await runProcess(process.execPath, [script, ...flags, file]);
  if (code !== 0) {
    throw new Error(`The extension could not be packaged:\n${output}`);
  }
  return file;
}
