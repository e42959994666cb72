/**
 * Baseline: file_reputation as it is usually written, with the same work: it reads the quota's ledger, admits
 * the request by a conditional write, and keeps the report. The SDK's clients, `zod` by its main entry, fetch,
 * and middy; bundled with the options that the CDK's NodejsFunction has by default, SDK included.
 */
import { gzipSync } from 'node:zlib';
import {
  BatchGetItemCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import middy from '@middy/core';
import { z } from 'zod';

const environment = z
  .object({
    VIRUSTOTAL_SERVER_URL: z.string(),
    VIRUSTOTAL_API_KEY_SECRET_ARN: z.string(),
    STATE_TABLE: z.string(),
  })
  .parse(process.env);
const secrets = new SecretsManagerClient({});
const table = new DynamoDBClient({});
/** The usual shared module of clients: made whether a function needs it or not. */
export const s3 = new S3Client({});

const engine = z.object({ category: z.string(), result: z.string().nullable() }).loose();
const report = z.object({
  data: z.object({
    id: z.string(),
    attributes: z.object({ last_analysis_results: z.record(z.string(), engine) }).loose(),
  }),
});

/** Admits a request: reads what is used, and adds one if no other caller has. */
async function admit(hash: string): Promise<void> {
  const Keys = ['quota', `report#${hash}`].map((id) => ({ pk: { S: id } }));
  const read = { RequestItems: { [environment.STATE_TABLE]: { Keys, ConsistentRead: true } } };
  const { Responses } = await table.send(new BatchGetItemCommand(read));
  const used = Responses?.[environment.STATE_TABLE]?.[0]?.used?.N ?? '0';
  await table.send(
    new UpdateItemCommand({
      TableName: environment.STATE_TABLE,
      Key: { pk: { S: 'quota' } },
      UpdateExpression: 'ADD used :one',
      ConditionExpression: 'used = :seen',
      ExpressionAttributeValues: { ':one': { N: '1' }, ':seen': { N: used } },
    }),
  );
}

/** Keeps a report. */
async function keep(hash: string, kept: unknown): Promise<void> {
  const body = gzipSync(JSON.stringify(kept));
  const Item = { pk: { S: `report#${hash}` }, body: { B: body } };
  await table.send(new PutItemCommand({ TableName: environment.STATE_TABLE, Item }));
}

/** Looks a hash up. */
export const handler = middy<{ hash: string }>().handler(async (event) => {
  const { hash } = z.object({ hash: z.string() }).parse(event);
  const secret = await secrets.send(
    new GetSecretValueCommand({ SecretId: environment.VIRUSTOTAL_API_KEY_SECRET_ARN }),
  );
  const url = `${environment.VIRUSTOTAL_SERVER_URL}/api/v3/files/${hash}`;
  await admit(hash);
  const response = await fetch(url, { headers: { 'x-apikey': secret.SecretString ?? '' } });
  const { data } = report.parse(await response.json());
  await keep(hash, data);
  const results = Object.values(data.attributes.last_analysis_results);
  const positives = results.filter(({ category }) => category === 'malicious').length;
  return { response_code: 1, resource: hash, positives, total: results.length };
});
