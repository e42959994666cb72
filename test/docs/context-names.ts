import { ConfigurationError, parseContext } from '../../infra/config.ts';

/** The names of all options of the CDK context, which the parser lists when it gets an unknown one. */
export function contextNames(): string[] {
  try {
    parseContext({ unknown: 1 });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const [, names = ''] = /allowed: (.*)/.exec(error.message) ?? [];
    return names.split(', ');
  }
  throw new Error('an unknown name was accepted');
}
