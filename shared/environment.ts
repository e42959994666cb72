/** Parses environment variables, once at module load. */
import * as z from 'zod/mini';

/** Environment variables, usually `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable that must be set. */
export const requiredVariable = z.string().check(z.minLength(1));

/** A variable that may be missing. */
export const optionalVariable = z.optional(requiredVariable);

/**
 * Parses a function's environment variables.
 *
 * @param variables - the schema of each of the function's own variables
 * @param environment - an empty variable counts as missing
 * @throws Error that lists every missing or malformed variable
 */
export function parseEnvironment<Variables extends z.core.$ZodShape>(
  variables: Variables,
  environment: Environment,
): z.infer<z.ZodMiniObject<Variables>> {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value));
  const parsed = z.safeParse(z.object(variables), present);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path }) => {
    const name = String(path[0]);
    const value = present[name];
    return value === undefined
      ? `${name} is not set`
      : `${name} does not allow ${JSON.stringify(value)}`;
  });
  throw new Error(`bad environment: ${problems.join('; ')}`);
}
