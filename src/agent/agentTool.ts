import type * as z from 'zod';
import type { RestoreQuestions } from '../app/restoreFiles.ts';
import type { WorkspaceSession } from '../app/workspaceSession.ts';
import { CheckpointError } from '../core/error.ts';
import type { OperationContext } from '../core/operationContext.ts';
import type { Approve } from './approval.ts';

/** What a tool works with; each call gets its own. */
export interface ToolContext {
  readonly session: WorkspaceSession;
  readonly approve: Approve;
  readonly saveEditors: RestoreQuestions['saveEditors'];
  readonly now: Date;
  readonly operation?: OperationContext;
}

/** Hints about a tool, with the meaning they have in the Model Context Protocol. */
export interface ToolAnnotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: false;
}

/** One tool as an agent sees it, whatever the way it is offered. */
export interface AgentTool {
  readonly name: string;
  readonly title: string;
  /** For the model: what it does, and when to use it. */
  readonly description: string;
  readonly input: z.ZodObject;
  readonly annotations: ToolAnnotations;
  /** Whether it does nothing before somebody has approved of what it would do. */
  readonly asksFirst: boolean;
  /**
   * The answer as one text.
   * @throws CheckpointError `usage` for arguments that do not fit, and what the operation throws.
   */
  call(context: ToolContext, args: unknown): Promise<string>;
}

/** Whether a tool only looks, adds something, or changes or removes what is there. */
export type ToolEffect = 'reads' | 'adds' | 'replaces';

export interface ToolDefinition<Input extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Input;
  readonly effect: ToolEffect;
  /** Whether calling it twice with the same arguments is the same as calling it once. */
  readonly idempotent: boolean;
  /** Whether it does nothing before somebody has approved of what it would do. */
  readonly asksFirst?: true;
  run(context: ToolContext, input: z.infer<Input>): Promise<string>;
}

export function defineTool<Input extends z.ZodObject>(definition: ToolDefinition<Input>): AgentTool {
  const { name, title, description, input, effect, idempotent, asksFirst = false } = definition;
  return {
    name,
    title,
    description,
    input,
    asksFirst,
    annotations: {
      readOnlyHint: effect === 'reads',
      destructiveHint: effect === 'replaces',
      idempotentHint: idempotent,
      openWorldHint: false,
    },
    call: async (context, args) => {
      const parsed = input.safeParse(args ?? {});
      if (!parsed.success) {
        throw new CheckpointError('usage', `The arguments of ${name} do not fit: ${problems(parsed.error)}.`, {
          hint: `It takes ${Object.keys(input.shape).join(', ') || 'no arguments'}.`,
        });
      }
      return definition.run(context, parsed.data);
    },
  };
}

function problems(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => [...path.map(String), message].join(': ')).join('; ');
}
