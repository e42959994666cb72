/** The AWS services of the local cloud, one by one. */
export { openDynamoDb } from './dynamodb/dynamodb.ts';
export { createEventBridge } from './event-bridge.ts';
export { type AwsEndpoint, startAwsEndpoint } from './http/endpoint.ts';
export { openS3 } from './s3/s3.ts';
export { createSecretsManager } from './secrets-manager/secrets-manager.ts';
