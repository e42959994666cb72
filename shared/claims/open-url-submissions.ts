/** The claims on URLs that `submit-url` works with. */
import { TableClient } from '../aws/table/table-client.ts';
import { type Environment, parseEnvironment, requiredVariable } from '../environment.ts';
import type { SubmitUrlServices } from '../operations/submit-url/answer.ts';
import { submitUrlOutput } from '../operations/submit-url/output.ts';
import { sha256 } from '../sha256.ts';
import { Claims } from './claims.ts';
import { submitForCall } from './submit-for-call.ts';

/**
 * Opens them.
 *
 * @throws Error if STATE_TABLE is not set
 */
export function openUrlSubmissions(environment: Environment): SubmitUrlServices['submitOnce'] {
  const variables = { STATE_TABLE: requiredVariable };
  const { STATE_TABLE: tableName } = parseEnvironment(variables, environment);
  const claims = new Claims({ client: new TableClient({ environment }), tableName });
  return ({ url, isForced, submit }, limits) =>
    submitForCall(
      { claims },
      {
        // Hashed, because the table shows no URL that is looked up.
        id: `url#${sha256(URL.parse(url)?.href ?? url)}`,
        isForced,
        submit,
        parse: (receipt) => submitUrlOutput.parse({ ...receipt, repeated: true }),
      },
      limits,
    );
}
