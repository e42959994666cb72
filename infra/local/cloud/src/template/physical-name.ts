/** Names and ids that CloudFormation and the services make up; the same in every run. */
import { createHash } from 'node:crypto';

/** What a service takes as a name. */
export interface NameRule {
  /** Characters. */
  readonly maxLength: number;
  readonly isLowerCase?: boolean;
  /** Kept by the end of the name, for example `.fifo`. */
  readonly ending?: string;
}

/** Length of what makes a name unique, characters. */
const SUFFIX_LENGTH = 12;

/**
 * The name of a resource that the template leaves unnamed: stack, logical id and a suffix, as
 * CloudFormation makes it, in the length that the service takes.
 *
 * Two things differ. CloudFormation's suffix is random; this one depends on the other two, so that what a
 * run keeps on disk is found by the next. And where the logical id repeats the stack's name it is
 * said once, for people type these names.
 */
export function physicalName(stackName: string, logicalId: string, rule: NameRule): string {
  const { maxLength, isLowerCase = false, ending = '' } = rule;
  const suffix = madeUpId(`${stackName}/${logicalId}`, SUFFIX_LENGTH).toUpperCase();
  const room = maxLength - SUFFIX_LENGTH - ending.length - 2;
  const whole = logicalId.startsWith(stackName) ? logicalId.slice(stackName.length) : logicalId;
  const stack = stackName.slice(0, Math.max(Math.ceil(room / 3), room - whole.length));
  // Of a long logical id the end tells more: the CDK puts a hash there.
  const id = whole.slice(-(room - stack.length));
  const name = [stack, ...(id === '' ? [] : [id]), suffix].join('-');
  return (isLowerCase ? name.toLowerCase() : name) + ending;
}

/** Lower-case letters and digits that look random, and are the same for the same seed. */
export function madeUpId(seed: string, length: number): string {
  const digits = BigInt(`0x${createHash('sha512').update(seed).digest('hex')}`).toString(36);
  return digits.slice(-length).padStart(length, '0');
}

/** A UUID that is the same for the same seed. */
export function madeUpUuid(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex');
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
}
