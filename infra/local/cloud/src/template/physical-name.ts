/** Names and ids that CloudFormation and the services generate; stable across runs. */
import { createHash } from 'node:crypto';

/** What a service accepts as a name. */
export interface NameRule {
  /** Characters. */
  readonly maxLength: number;
  readonly isLowerCase?: boolean;
  /** Required ending, for example `.fifo`. */
  readonly ending?: string;
}

/** Length of the suffix that makes a name unique, characters. */
const SUFFIX_LENGTH = 12;

/**
 * Generates the name of a resource without a name of the template: stack, logical id and a suffix, like
 * CloudFormation, within the service's length limit.
 *
 * Two things differ. CloudFormation's suffix is random; this one is derived from the other two, so that
 * names stay the same from run to run. And a stack name that the logical id repeats appears only once,
 * because people type these names.
 */
export function physicalName(stackName: string, logicalId: string, rule: NameRule): string {
  const { maxLength, isLowerCase = false, ending = '' } = rule;
  const suffix = idFrom(`${stackName}/${logicalId}`, SUFFIX_LENGTH).toUpperCase();
  const room = maxLength - SUFFIX_LENGTH - ending.length - 2;
  const whole = logicalId.startsWith(stackName) ? logicalId.slice(stackName.length) : logicalId;
  const stack = stackName.slice(0, Math.max(Math.ceil(room / 3), room - whole.length));
  // Keep the end of a long logical id: it holds the CDK's hash.
  const id = whole.slice(-(room - stack.length));
  const name = [stack, ...(id === '' ? [] : [id]), suffix].join('-');
  return (isLowerCase ? name.toLowerCase() : name) + ending;
}

/** Derives an id of lower-case letters and digits from a seed. */
export function idFrom(seed: string, length: number): string {
  const digits = BigInt(`0x${createHash('sha512').update(seed).digest('hex')}`).toString(36);
  return digits.slice(-length).padStart(length, '0');
}

/** Derives a UUID from a seed. */
export function uuidFrom(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex');
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
}
