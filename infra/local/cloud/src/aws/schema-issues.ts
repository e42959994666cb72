/** What a schema found, in words: zod/mini has none of its own. */
import type * as z from 'zod/mini';

/** Names the fields and what is wrong; never a value, which may be a secret. */
export function issuesText(issues: readonly z.core.$ZodIssue[]): string {
  return issues
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => `${[...issue.path, key].join('.')} (not known here)`)
        : [`${issue.path.join('.') || 'the whole'} (${issue.code})`],
    )
    .join(', ');
}
