/** What only a person can check: it needs another deployment, another account, or a decision. */

/** One item for a person. */
export interface ManualCheck {
  readonly id: string;
  readonly section: ManualSection;
  /** What to do, and what should be seen; Markdown. */
  readonly text: string;
}

/** Headings of the document. */
export type ManualSection =
  | 'Before you deploy'
  | 'Deploy'
  | 'API'
  | 'Functions'
  | 'Uploads'
  | 'Teardown';

export const manualChecks: readonly ManualCheck[] = [
  {
    id: 'gate',
    section: 'Before you deploy',
    text: '`npm ci && npm run check` passes on your machine.',
  },
  {
    id: 'terms',
    section: 'Before you deploy',
    text: 'The terms of your VirusTotal key allow the use (a free key is barred from commercial use and from workflows that contribute no new files).',
  },
  {
    id: 'bootstrap',
    section: 'Deploy',
    text: '`npx cdk bootstrap` has run in the account and Region, and `npx cdk deploy` finishes without error.',
  },
  {
    id: 'put-secret',
    section: 'Deploy',
    text: '`aws secretsmanager put-secret-value --secret-id <ApiKeySecretArn> --secret-string file://key.txt` stores the key. Functions that have started before use it within five minutes.',
  },
  {
    id: 'second-stack',
    section: 'API',
    text: 'A second stack with another name deploys beside the first in the same account and Region: the fixed names of their state machines differ.',
  },
  {
    id: 'account-log-role',
    section: 'API',
    text: 'A second deployment with another `accountLogRole` changes only the access log. With `none`, a first deployment succeeds in an account without a CloudWatch role for API Gateway, and leaves one that exists alone; `create` replaces it for all REST APIs of the account.',
  },
  {
    id: 'custom-domain',
    section: 'API',
    text: 'With a custom domain and a base path, `Location` of a 202 begins with the base path.',
  },
  {
    id: 'api-name',
    section: 'API',
    text: 'The console shows the API as `VirusTotalConnector-Api-...`.',
  },
  {
    id: 'throttle',
    section: 'API',
    text: "With `apiAuth=api-key`, the usage plan's throttle answers 429 in the envelope.",
  },
  {
    id: 'log-level',
    section: 'Functions',
    text: '`LOG_LEVEL=warn` in the environment of a function shows fewer lines (there are no debug lines, and Lambda drops levels below its own `ApplicationLogLevel`, `INFO`, in any case).',
  },
  {
    id: 'latency',
    section: 'Functions',
    text: 'The `Latency` of `POST /files` for a 32 MB object (CloudWatch metrics of the API) stays well below 28 s. Otherwise lower `httpSubmissionMaxBytes`.',
  },
  {
    id: 'sweep',
    section: 'Uploads',
    text: '[`ScanExisting`](../README.md#scan-what-is-already-there) of a prefix with a scanned and an unscanned object, whose keys have spaces and accents, ends with `objects: 2`. Its results name `has-verdict` and the outcome of the scan, and the second object gets its tags. Two sweeps at once scan it once.',
  },
  {
    id: 'buckets-elsewhere',
    section: 'Uploads',
    text: 'Uploads to a bucket in another account or Region are scanned once its events are forwarded ([buckets elsewhere](buckets-elsewhere.md)).',
  },
  {
    id: 'queue',
    section: 'Uploads',
    text: "With SQS in front of `SubmitFile` and 200 files on a free key, messages are hidden at most twice and then handed over: executions `queue-...` of the playbook `SubmitFile` wait. After an hour, the dead-letter queue is empty and the function's metric `RecursiveInvocationsDropped` has no data.",
  },
  {
    id: 'topic',
    section: 'Uploads',
    text: 'With an SNS topic in front of `SubmitFile`, an upload is submitted.',
  },
  {
    id: 'aborted-handover',
    section: 'Uploads',
    text: "An aborted execution `queue-...` leaves its event in the connector's dead-letter queue.",
  },
  {
    id: 'teardown-records',
    section: 'Teardown',
    text: 'While an upload waits for the quota, `npm run teardown` ([taking it down](teardown.md)) stops its execution. The object gets its tags for the outcome `failed`, and the event is on the bus before the stack is deleted.',
  },
  {
    id: 'teardown-keeps',
    section: 'Teardown',
    text: 'The stack is deleted within minutes. The buckets are there, with their policies.',
  },
  {
    id: 'teardown-interrupted',
    section: 'Teardown',
    text: 'Interrupted with Ctrl-C during the wait, it prints commands that enable the rules again, and they work as printed.',
  },
];
