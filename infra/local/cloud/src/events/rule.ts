/** Rules, their references resolved, and what they become when they are loaded. */
import type { BusEvent } from './event.ts';
import { compilePattern, type EventTest } from './pattern/pattern.ts';
import { compileInput, type MakeInput, type TargetInput } from './target-input.ts';

/** One target of a rule. */
export interface EventTarget extends TargetInput {
  readonly arn: string;
  /** Logical id of the role under which it is called; without it EventBridge calls as itself. */
  readonly roleId?: string;
  readonly retryPolicy?: {
    /** @default 185 */
    readonly maximumRetryAttempts?: number;
    /** @default 86400 */
    readonly maximumEventAgeInSeconds?: number;
  };
  /** ARN of the queue for events that could not be delivered. */
  readonly deadLetterArn?: string;
}

/** One rule on events; schedules are another matter. */
export interface EventRule {
  readonly name: string;
  readonly arn: string;
  /** @default 'default' */
  readonly eventBusName?: string;
  /** Parsed from JSON. */
  readonly pattern: unknown;
  readonly targets: readonly EventTarget[];
}

/** A rule that was loaded. */
export interface LoadedRule {
  readonly rule: EventRule;
  readonly busName: string;
  readonly test: EventTest;
  readonly targets: readonly { readonly target: EventTarget; readonly makeInput: MakeInput }[];
}

/** The bus to which AWS services send. */
export const DEFAULT_BUS = 'default';

/**
 * Loads a rule.
 *
 * @throws Error that names the rule, when its pattern or an input is not valid or not known here
 */
export function loadRule(rule: EventRule): LoadedRule {
  try {
    return {
      rule,
      busName: rule.eventBusName ?? DEFAULT_BUS,
      test: compilePattern(rule.pattern),
      targets: rule.targets.map((target) => ({ target, makeInput: compileInput(target) })),
    };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Rule ${rule.name} cannot run here. ${reason}`, { cause });
  }
}

/** Whether an event on a bus is for this rule. */
export function isFor(loaded: LoadedRule, busName: string, event: BusEvent): boolean {
  return loaded.busName === busName && loaded.test(event);
}
