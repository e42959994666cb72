/** What checks work with. */
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SigningCredentials } from './sign-request.ts';
import type { PutObject, TemporaryObjects } from './temporary-objects.ts';

/** Clients for the account and Region of the stack. */
export interface Clients {
  readonly cloudFormation: CloudFormationClient;
  readonly dynamoDb: DynamoDBClient;
  readonly events: EventBridgeClient;
  readonly lambda: LambdaClient;
  readonly s3: S3Client;
  readonly secrets: SecretsManagerClient;
  readonly sfn: SFNClient;
  readonly sqs: SQSClient;
}

/** A resource of the stack. */
export interface DeployedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
}

/** The stack that is verified. */
export interface Target {
  readonly stack: string;
  /** ARN of the stack. */
  readonly id: string;
  readonly status: string;
  readonly account: string;
  readonly region: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly resources: readonly DeployedResource[];
  /** Base of the API, with its stage. */
  readonly apiUrl: string;
  /** How callers of the API authenticate. */
  readonly auth: 'iam' | 'api-key';
  /** A local run; `signs` if it checks signatures and roles. */
  readonly local?: { readonly signs: boolean; readonly awsUrl: string } | undefined;
  readonly clients: Clients;
  readonly credentials: () => Promise<SigningCredentials>;
  /** Value of the API's key, with `apiAuth` set to `api-key`. */
  readonly apiKey: () => Promise<string>;
}

/** What the options say. */
export interface CheckSettings {
  /** Whether malicious objects may be moved to the locked bucket. */
  readonly mayLock: boolean;
  /** Another bucket to read from. */
  readonly bucket?: string | undefined;
  /** Put before and after the keys of objects, so that the filters of the stack let them through. */
  readonly prefix: string;
  readonly suffix: string;
}

/** An execution that has ended. */
export interface FinishedExecution {
  readonly arn: string;
  readonly status: string;
  /** Parsed; undefined unless it succeeded. */
  readonly output: unknown;
  readonly error: string | undefined;
  readonly cause: string | undefined;
}

/** The scan that an upload of this run has started. */
export interface UploadScan {
  readonly object: PutObject;
  readonly execution: FinishedExecution;
}

/** What a check gets. */
export interface CheckContext {
  readonly target: Target;
  readonly settings: CheckSettings;
  /** Of this run; part of every key. */
  readonly runId: string;
  /** When this run began, epoch milliseconds. */
  readonly startedAt: number;
  readonly objects: TemporaryObjects;
  /** Aborts when the run is interrupted. */
  readonly signal: AbortSignal;
  /** Reports progress. */
  readonly progress: (text: string) => void;
  /** Waits, milliseconds. Rejects when the run is interrupted. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Notes something that stays in the account. */
  readonly leave: (what: string) => void;
  /** What several checks look at; the first one makes it. */
  readonly shared: { scan?: Promise<UploadScan> };
}
