/** Event rules with their references resolved, and their compiled form. */
import type { BusEvent } from './event.ts';
import { compilePattern, type EventTest } from './pattern/pattern.ts';

/** One target of a rule; its input is the whole event. */
export interface EventTarget {
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

/** A rule that matches events; schedules are not supported. */
export interface EventRule {
  readonly name: string;
  readonly arn: string;
  /** @default 'default' */
  readonly eventBusName?: string;
  /** Parsed from JSON. */
  readonly pattern: unknown;
  readonly targets: readonly EventTarget[];
}

/** A rule whose pattern is compiled. */
export interface LoadedRule {
  readonly rule: EventRule;
  readonly busName: string;
  readonly test: EventTest;
}

/** The bus that receives the events of AWS services. */
export const DEFAULT_BUS = 'default';

/**
 * Compiles a rule's pattern.
 *
 * @throws Error that names the rule, when its pattern is not valid or not supported
 */
export function loadRule(rule: EventRule): LoadedRule {
  try {
    return {
      rule,
      busName: rule.eventBusName ?? DEFAULT_BUS,
      test: compilePattern(rule.pattern),
    };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Rule ${rule.name} cannot run here. ${reason}`, { cause });
  }
}

/** Whether a rule matches an event on a bus. */
export function isFor(loaded: LoadedRule, busName: string, event: BusEvent): boolean {
  return loaded.busName === busName && loaded.test(event);
}
