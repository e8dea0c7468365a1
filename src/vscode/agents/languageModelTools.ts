import * as vscode from 'vscode';
import type { AgentTool, ToolContext } from '../../agent/agentTool.ts';
import { type AgentPolicy, type ApprovalRequest, approveBy } from '../../agent/approval.ts';
import { toolErrorText } from '../../agent/toolError.ts';
import { AGENT_TOOLS } from '../../agent/tools.ts';
import type { OpenFolder } from '../openFolder.ts';
import { readAgentPolicy } from '../settings.ts';
import type { Surface } from '../surface.ts';
import { saveEditors } from '../unsavedEditors.ts';

type Input = Readonly<Record<string, unknown>>;

/** Offers the tools for agents to the language models in VS Code, where this version lets extensions do so. */
export function registerLanguageModelTools(surface: Surface): vscode.Disposable {
  const { lm } = vscode as { readonly lm?: typeof vscode.lm };
  if (typeof lm?.registerTool !== 'function') {
    return { dispose: () => undefined };
  }
  return vscode.Disposable.from(
    ...AGENT_TOOLS.map((tool) => lm.registerTool<Input>(tool.name, new CheckpointTool(surface, tool))),
  );
}

/** One tool as VS Code calls it. */
export class CheckpointTool implements vscode.LanguageModelTool<Input> {
  readonly #surface: Surface;
  readonly #tool: AgentTool;

  constructor(surface: Surface, tool: AgentTool) {
    this.#surface = surface;
    this.#tool = tool;
  }

  /** A person decides here about what removes something; VS Code shows what is asked. */
  async prepareInvocation(
    { input }: vscode.LanguageModelToolInvocationPrepareOptions<Input>,
    token: vscode.CancellationToken,
  ): Promise<vscode.PreparedToolInvocation> {
    const invocationMessage = this.#tool.title;
    const open = this.#folder();
    const asks = this.#tool.asksFirst && open !== undefined && policyOf(open) === 'ask';
    const request = asks ? await this.#wouldAsk(open, input, token) : undefined;
    return request === undefined
      ? { invocationMessage }
      : { invocationMessage, confirmationMessages: { title: request.verb, message: asMarkdown(request) } };
  }

  async invoke(
    { input }: vscode.LanguageModelToolInvocationOptions<Input>,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    await this.#surface.folders.opened;
    const open = this.#folder();
    if (open === undefined) {
      throw new Error(vscode.l10n.t('No folder with checkpoints is open. Ask the user to open one.'));
    }
    try {
      // Under "ask" the person has agreed before VS Code calls this.
      const approve = approveBy(policyOf(open), async () => ({ allowed: true }));
      const text = await this.#call(open, input, token, {
        approve,
        saveEditors: (paths) => saveEditors(open, paths, this.#surface.prompts),
      });
      return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
    } catch (error) {
      throw new Error(toolErrorText(error), { cause: error });
    } finally {
      await open.reload();
    }
  }

  /** Goes as far as the question that the tool would ask, and gives up there; undefined when it asks nothing. */
  async #wouldAsk(
    open: OpenFolder,
    input: Input,
    token: vscode.CancellationToken,
  ): Promise<ApprovalRequest | undefined> {
    let asked: ApprovalRequest | undefined;
    try {
      await this.#call(open, input, token, {
        approve: async (request) => {
          asked = request;
          return { allowed: false, reason: 'Nobody was asked yet.' };
        },
        saveEditors: async () => true,
      });
    } catch {
      // What is wrong comes up again when the tool is called, and is told to the model then.
    }
    return asked;
  }

  async #call(
    open: OpenFolder,
    input: Input,
    token: vscode.CancellationToken,
    answers: Pick<ToolContext, 'approve' | 'saveEditors'>,
  ): Promise<string> {
    const cancel = new AbortController();
    const listening = token.onCancellationRequested(() => cancel.abort());
    try {
      const operation = { signal: cancel.signal };
      return await this.#tool.call({ session: open.session, now: new Date(), operation, ...answers }, input);
    } finally {
      listening.dispose();
    }
  }

  #folder(): OpenFolder | undefined {
    const { folders } = this.#surface;
    const active = vscode.window.activeTextEditor?.document.uri;
    return (active === undefined ? undefined : folders.of(active)) ?? folders.all[0];
  }
}

/** In a folder that is not trusted nothing may be changed. */
function policyOf({ folder }: OpenFolder): AgentPolicy {
  return vscode.workspace.isTrusted ? readAgentPolicy(folder.uri) : 'refuse';
}

const MOST_PATHS = 10;

function asMarkdown({ question, paths }: ApprovalRequest): vscode.MarkdownString {
  const more = paths.length - MOST_PATHS;
  const lines = [question, ...paths.slice(0, MOST_PATHS), ...(more > 0 ? [vscode.l10n.t('… and {0} more', more)] : [])];
  const markdown = new vscode.MarkdownString();
  for (const line of lines) {
    markdown.appendText(line).appendMarkdown('\n\n');
  }
  return markdown;
}
