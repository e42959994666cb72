/** Defects put into the deployed stack: `npm run verify` has to name each, and nothing else. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  apiBody,
  type Defect,
  resourceLike,
  startBrokenStack,
  withoutActions,
} from '../support/broken-stack.ts';
import { STARTUP_MS, type TestStackOptions, testKeys } from '../support/running-stack.ts';
import { runVerify } from '../support/verify-runs.ts';

const RESPONSES = 'x-amazon-apigateway-gateway-responses';

/** Calls of the API, and their answers. */
const ofTheApi: readonly Defect[] = [
  {
    what: 'a route is missing',
    check: 'ip-reputation',
    says: /GET \/ip-addresses\/8\.8\.8\.8\S*: got 403 .*; expected 200/,
    template: (resources) => delete apiBody(resources).paths['/ip-addresses/{ip}'],
  },
  {
    what: 'errors of the gateway may be cached',
    check: 'headers',
    says: /cache-control: got null; expected "no-store"/,
    template(resources) {
      for (const response of Object.values<{ responseParameters: object }>(
        apiBody(resources)[RESPONSES],
      )) {
        response.responseParameters = {};
      }
    },
  },
  {
    what: 'a refusal is not in the envelope',
    check: 'unsigned',
    says: /unsigned POST \/files: got .*message.*; expected .*"AccessDeniedError"/,
    template: (resources) =>
      delete apiBody(resources)[RESPONSES].MISSING_AUTHENTICATION_TOKEN.responseTemplates,
  },
  {
    what: 'a refusal has another status',
    check: 'wrong-signatures',
    says: /signed with another secret: got .*"status":401/,
    template(resources) {
      apiBody(resources)[RESPONSES].INVALID_SIGNATURE.statusCode = '401';
    },
  },
  {
    what: 'a function may not read the secret',
    check: 'url-reputation',
    says: /url_reputation over HTTP.*502.*ApiKeyError/,
    template: (resources) => withoutActions(resources, 'UrlReputation', /GetSecretValue/),
  },
  {
    what: 'a route invokes another function',
    check: 'domain-reputation',
    says: /domain_reputation over HTTP.*: got 400/,
    template(resources) {
      const { paths } = apiBody(resources);
      const integration = 'x-amazon-apigateway-integration';
      paths['/domains/{domain}'].get[integration] = paths['/urls'].get[integration];
    },
  },
  {
    what: 'a function logs the URL',
    check: 'log-lines',
    says: /a log line contains the URL that is looked up/,
    wrap: [
      'UrlReputation',
      `(handler) => (event, context) => {
        const line = { level: 'INFO', timestamp: '', message: 'got', event: JSON.stringify(event) };
        process.stdout.write(JSON.stringify(line) + '\\n');
        return handler(event, context);
      }`,
    ],
  },
];

/** Outputs, roles, and the functions behind the API. */
const ofFunctions: readonly Defect[] = [
  {
    what: 'a route is open',
    check: 'unsigned',
    says: /unsigned GET \/submissions\/\w+: got .*"status":4\d\d/,
    template(resources) {
      apiBody(resources).paths['/submissions/{id}'].get.security = [];
    },
  },
  {
    what: 'an output is missing',
    check: 'outputs',
    says: /lacks the outputs ScanUrlStateMachineArn$/,
    also: ['playbooks'],
    template: (_, outputs) => delete outputs.ScanUrlStateMachineArn,
  },
  {
    what: 'a function may not look executions up',
    check: 'unknown-submission',
    says: /GET \/submissions\/\S+: got .*"status":50\d.*; expected .*404/,
    template: (resources) => withoutActions(resources, 'Submission', /DescribeExecution/),
  },
  {
    what: 'the function of the quota may not read its items',
    check: 'quota-ledger',
    says: /GET \/quota: got .*UpstreamUnavailableError.*; expected 200/,
    template: (resources) => withoutActions(resources, 'Quota', /BatchGetItem/),
  },
  {
    what: 'the upload bucket of submissions is another',
    check: 'submissions',
    says: /POST \/files: got .*"status":403.*; expected .*404/,
    also: ['submit-sample'],
    template(resources) {
      const fn = resourceLike(resources, 'AWS::Lambda::Function', 'SubmitFileFunction');
      fn.Properties.Environment.Variables.UPLOAD_BUCKET = 'another-bucket';
    },
  },
  {
    what: 'answers of a function may be sniffed',
    check: 'headers',
    says: /GET \/ip-addresses\/10\.0\.0\.1\S* \(200\), x-content-type-options: got null/,
    wrap: [
      'IpReputation',
      `(handler) => async (event, context) => {
        const answer = await handler(event, context);
        if (answer.headers) delete answer.headers['x-content-type-options'];
        return answer;
      }`,
    ],
  },
  {
    what: 'a function logs plain text',
    check: 'log-lines',
    says: /a log line is not a JSON object with level: "looking something up"/,
    wrap: [
      'UrlReputation',
      `(handler) => (event, context) => {
        process.stdout.write('looking something up\\n');
        return handler(event, context);
      }`,
    ],
  },
  {
    what: 'the tag cannot be written',
    check: 'scan-tags',
    says: /tags that ScanUpload says it wrote: got "denied"; expected "written"/,
    template: (resources) => withoutActions(resources, 'RecordVerdict', /^s3:PutObject.*Tagging$/),
  },
];

/** From the upload to the record: both rules. */
const disabledRules: readonly Defect[] = [
  {
    what: 'the rule on uploads is disabled',
    check: 'scan',
    says: /s3:\/\/\S+verify\/\S+ started no execution of ScanUpload/,
    template(resources) {
      resourceLike(resources, 'AWS::Events::Rule', 'TriggerUploadBucket').Properties.State =
        'DISABLED';
    },
  },
  {
    what: 'the rule on failed executions is disabled',
    check: 'stopped-scan',
    says: /was stopped, and RecordVerdict has not recorded it .*FailedScans/,
    template(resources) {
      resourceLike(resources, 'AWS::Events::Rule', 'FailedScans').Properties.State = 'DISABLED';
    },
  },
];

const patterns: readonly Defect[] = [
  {
    what: 'the rule on uploads has another filter',
    check: 'scan',
    says: /started no execution of ScanUpload.*--prefix and --suffix/,
    template(resources) {
      const { Properties } = resourceLike(resources, 'AWS::Events::Rule', 'TriggerUploadBucket');
      Properties.EventPattern.detail.object = { key: [{ prefix: 'incoming/' }] };
    },
  },
  {
    what: 'the rule on failed executions leaves out aborted ones',
    check: 'stopped-scan',
    says: /RecordVerdict has not recorded it/,
    template(resources) {
      const { Properties } = resourceLike(resources, 'AWS::Events::Rule', 'FailedScans');
      Properties.EventPattern.detail.status = ['FAILED', 'TIMED_OUT'];
    },
  },
];

const ruleWithoutPermission: Defect = {
  what: 'the rule on uploads may not start the playbook',
  check: 'scan',
  says: /started no execution of ScanUpload/,
  template: (resources) => withoutActions(resources, 'EventsRole', /StartExecution/),
};

const emptySecret: Defect = {
  what: 'the secret is empty',
  check: 'secret',
  says: /the secret arn:\S+ has no value; put one: aws secretsmanager put-secret-value/,
};

const wrongKey: Defect = {
  what: 'VirusTotal does not know the key',
  check: 'secret',
  says: /a lookup with this key: got ApiKeyError/,
};

/** One stack, with defects that do not hide each other. */
interface Group {
  readonly name: string;
  readonly defects: readonly Defect[];
  readonly options?: TestStackOptions;
}

const groups: readonly Group[] = [
  { name: 'of the API', defects: ofTheApi },
  { name: 'of functions', defects: ofFunctions },
  { name: 'an empty secret', defects: [emptySecret], options: { apiKey: null } },
  { name: 'a wrong key', defects: [wrongKey], options: { apiKey: testKeys.wrong } },
];

/** They run at once, because their checks wait for what does not come. */
const slowGroups: readonly Group[] = [
  { name: 'in rules that are disabled', defects: disabledRules },
  { name: 'in patterns of rules', defects: patterns },
  { name: 'in the role of a rule', defects: [ruleWithoutPermission] },
];

it.for(groups)('names the defects $name', { timeout: STARTUP_MS }, expectNamed);
it.concurrent.for(slowGroups)('names the defects $name', { timeout: STARTUP_MS }, expectNamed);

it('counts at least twenty defects', () => {
  expect(
    [...groups, ...slowGroups].flatMap(({ defects }) => defects).length,
  ).toBeGreaterThanOrEqual(20);
});

/** Expects the checks of the defects, and no others of those that run, to fail. */
async function expectNamed({ defects, options = {} }: Group): Promise<void> {
  const reports = await mkdtemp(join(tmpdir(), 'verify-defects-'));
  const running = await startBrokenStack(defects, options);
  try {
    const json = join(reports, 'results.json');
    const expected = defects.flatMap(({ check, also = [] }) => [check, ...also]);
    const args = ['--json', json, ...expected.flatMap((id) => ['--only', id])];
    const { exitCode } = await runVerify(running, args);
    const { results }: { results: { id: string; status: string; detail: string }[] } = JSON.parse(
      await readFile(json, 'utf8'),
    );
    const failed = new Map(
      results.filter(({ status }) => status === 'failed').map(({ id, detail }) => [id, detail]),
    );
    for (const { what, check, says } of defects) {
      expect(failed.get(check) ?? 'passed', `${what}: ${check}`).toMatch(says);
    }
    expect([...failed.keys()].sort()).toEqual([...new Set(expected)].sort());
    expect(exitCode).toBe(1);
  } finally {
    await running.close();
    await rm(reports, { recursive: true, force: true });
  }
}
