/**
 * Baseline: file_reputation as it is usually written. Both SDK clients, `zod` by its main entry, fetch,
 * and middy; bundled with the options that the CDK's NodejsFunction has by default, SDK included.
 */
import { S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import middy from '@middy/core';
import { z } from 'zod';

const environment = z
  .object({ VIRUSTOTAL_SERVER_URL: z.string(), VIRUSTOTAL_API_KEY_SECRET_ARN: z.string() })
  .parse(process.env);
const secrets = new SecretsManagerClient({});
/** The usual shared module of clients: made whether a function needs it or not. */
export const s3 = new S3Client({});

const engine = z.object({ category: z.string(), result: z.string().nullable() }).loose();
const report = z.object({
  data: z.object({
    id: z.string(),
    attributes: z.object({ last_analysis_results: z.record(z.string(), engine) }).loose(),
  }),
});

/** Looks a hash up. */
export const handler = middy<{ hash: string }>().handler(async (event) => {
  const { hash } = z.object({ hash: z.string() }).parse(event);
  const secret = await secrets.send(
    new GetSecretValueCommand({ SecretId: environment.VIRUSTOTAL_API_KEY_SECRET_ARN }),
  );
  const url = `${environment.VIRUSTOTAL_SERVER_URL}/api/v3/files/${hash}`;
  const response = await fetch(url, { headers: { 'x-apikey': secret.SecretString ?? '' } });
  const { data } = report.parse(await response.json());
  const results = Object.values(data.attributes.last_analysis_results);
  const positives = results.filter(({ category }) => category === 'malicious').length;
  return { response_code: 1, resource: hash, positives, total: results.length };
});
