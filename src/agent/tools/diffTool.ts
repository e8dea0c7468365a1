import * as z from 'zod';
import { agentPath } from '../agentPath.ts';
import { defineTool } from '../agentTool.ts';
import { FROM, pageInputs, PATH, TO } from '../inputs.ts';
import { page } from '../page.ts';
import { findSpan } from '../span.ts';

const PAGE = 20_000;
/** A model reads pages; nobody reads this much, and it must not fill the memory. */
const LONGEST_DIFF = 8 * 1024 * 1024;

export const diffTool = defineTool({
  name: 'snapshots_diff',
  title: 'Show changed lines',
  description:
    'Shows the changed lines since the newest checkpoint, or between two states, as a unified diff. Name paths to keep it ' +
    'short.',
  input: z.object({
    from: FROM,
    to: TO,
    paths: z.array(PATH).default([]).describe('Only these files and folders. Default: all.'),
    ...pageInputs(PAGE),
  }),
  effect: 'reads',
  idempotent: true,
  run: async (context, input) => {
    const paths = input.paths.map((path) => agentPath(path, context.session.folder));
    const span = await findSpan(context, input.from, input.to);
    if (span === undefined) {
      return 'No checkpoints available yet. Call snapshots_create to make the first one.';
    }
    const text = await collect(span.files.diff(span.from, span.to, paths, context.operation));
    return text === '' ? `Nothing changed ${span.text}.` : page(text, input);
  },
});

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of chunks) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > LONGEST_DIFF) {
      return `${text.slice(0, LONGEST_DIFF)}\n\nThe diff goes on, too long to show. Name paths to see the rest.\n`;
    }
  }
  return text + decoder.decode();
}
