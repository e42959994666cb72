import { expect, it } from 'vitest';
import { parseConfig } from '../../shared/config.ts';

const arn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:key-AbCdEf';

it('has a default for all but the secret', () => {
  expect(parseConfig({ VIRUSTOTAL_API_KEY_SECRET_ARN: arn })).toEqual({
    serverUrl: 'https://www.virustotal.com',
    apiKeySecretArn: arn,
    verifySsl: true,
    tier: 'public',
    upload: undefined,
    maxReportAgeDays: 30,
    uploadBucket: undefined,
    httpSubmissionMaxBytes: 32_000_000,
  });
});

it('reads every variable', () => {
  expect(
    parseConfig({
      VIRUSTOTAL_API_KEY_SECRET_ARN: arn,
      VIRUSTOTAL_SERVER_URL: 'vt.example.com/proxy',
      VIRUSTOTAL_VERIFY_SSL: 'false',
      VIRUSTOTAL_TIER: 'premium',
      VIRUSTOTAL_UPLOAD: 'never',
      VIRUSTOTAL_MAX_REPORT_AGE_DAYS: '7',
      UPLOAD_BUCKET: 'uploads',
      SUBMIT_FILE_STATE_MACHINE_ARN: 'arn:of:it',
      HTTP_SUBMISSION_MAX_BYTES: '0',
    }),
  ).toEqual({
    serverUrl: 'vt.example.com/proxy',
    apiKeySecretArn: arn,
    verifySsl: false,
    tier: 'premium',
    upload: 'never',
    maxReportAgeDays: 7,
    uploadBucket: 'uploads',
    submitFileStateMachineArn: 'arn:of:it',
    httpSubmissionMaxBytes: 0,
  });
});

it('lists every bad variable at once', () => {
  const run = () =>
    parseConfig({
      HTTP_SUBMISSION_MAX_BYTES: '32MB',
      VIRUSTOTAL_VERIFY_SSL: 'no',
      VIRUSTOTAL_TIER: 'gold',
      VIRUSTOTAL_UPLOAD: '',
    });
  expect(run).toThrow('VIRUSTOTAL_API_KEY_SECRET_ARN is missing');
  expect(run).toThrow('VIRUSTOTAL_VERIFY_SSL has a value that is not allowed: "no"');
  expect(run).toThrow('VIRUSTOTAL_TIER has a value that is not allowed: "gold"');
  expect(run).toThrow('HTTP_SUBMISSION_MAX_BYTES has a value that is not allowed: "32MB"');
  expect(run).not.toThrow('VIRUSTOTAL_UPLOAD');
});
