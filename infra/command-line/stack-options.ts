/** The options by which commands name a deployed stack. */
import { UsageError } from './usage-error.ts';

/** A deployed stack. */
export interface StackOptions {
  readonly stack: string;
  /** @default that of the profile or the environment */
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
}

/** For `parseArgs`. */
export const stackOptions = {
  stack: { type: 'string', default: 'VirusTotalConnector' },
  region: { type: 'string' },
  profile: { type: 'string' },
} as const;

/** Their lines in a help text. */
export const stackHelp = `  --stack NAME     name of the stack (default VirusTotalConnector)
  --region NAME    its Region (default: that of the profile or of AWS_REGION)
  --profile NAME   profile of the AWS configuration`;

/** What CloudFormation and AWS take as names. None begins with a dash, so none can be read as an option. */
const names = {
  stack: /^[a-zA-Z][-a-zA-Z0-9]{0,127}$/,
  region: /^[a-z]{2}(?:-[a-z]+)+-\d+$/,
  profile: /^[^-\s\p{C}][^\p{C}]*$/u,
};

/**
 * Checks the names that were given.
 *
 * @throws UsageError
 */
export function checkStackOptions(options: StackOptions): void {
  for (const name of ['stack', 'region', 'profile'] as const) {
    const value = options[name];
    if (value === undefined || names[name].test(value)) continue;
    throw new UsageError(`--${name}: got ${JSON.stringify(value)}; expected the name of a ${name}`);
  }
}

/** Configuration of AWS clients for the stack's account and Region. */
export function clientConfig({ region, profile }: StackOptions) {
  return { ...(region && { region }), ...(profile && { profile }), maxAttempts: 8 };
}
