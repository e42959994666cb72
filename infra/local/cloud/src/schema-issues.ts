/** Messages for schema issues, which zod/mini does not include. */
import type * as z from 'zod/mini';

/** Lists the fields and what is wrong, without values, which may be secrets. */
export function issuesText(issues: readonly z.core.$ZodIssue[]): string {
  return issues
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => `${[...issue.path, key].join('.')} (not supported)`)
        : [`${issue.path.join('.') || 'the whole'} (${issue.code})`],
    )
    .join(', ');
}
