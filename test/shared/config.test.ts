import { expect, it } from 'vitest';
import { upstreamVariables } from '../../shared/config.ts';
import { parseEnvironment, requiredVariable } from '../../shared/environment.ts';
import { recordVerdictVariables } from '../../shared/uploads/record/variables.ts';
import { submitFileVariables } from '../../shared/uploads/submit/variables.ts';

const arn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:key-AbCdEf';
const required = { VIRUSTOTAL_API_KEY_SECRET_ARN: arn, STATE_TABLE: 'state' };
/** What every function that calls VirusTotal has. */
const upstreamDefaults = {
  STACK_NAME: 'VirusTotalConnector',
  VIRUSTOTAL_TIER: 'public',
  STATE_TABLE: 'state',
  VIRUSTOTAL_CACHE_HOURS: 24,
  VIRUSTOTAL_INTERACTIVE_SHARE: 0.25,
};

it('has a default for every optional variable', () => {
  expect(parseEnvironment(upstreamVariables, required)).toEqual({
    ...upstreamDefaults,
    VIRUSTOTAL_SERVER_URL: 'https://www.virustotal.com',
    VIRUSTOTAL_API_KEY_SECRET_ARN: arn,
    VIRUSTOTAL_VERIFY_SSL: true,
  });
  expect(parseEnvironment(submitFileVariables, required)).toEqual({
    ...upstreamDefaults,
    VIRUSTOTAL_SERVER_URL: 'https://www.virustotal.com',
    VIRUSTOTAL_API_KEY_SECRET_ARN: arn,
    VIRUSTOTAL_VERIFY_SSL: true,
    VIRUSTOTAL_MAX_REPORT_AGE_DAYS: 30,
    HTTP_SUBMISSION_MAX_BYTES: 32_000_000,
  });
});

it('reads every variable', () => {
  const environment = {
    VIRUSTOTAL_API_KEY_SECRET_ARN: arn,
    VIRUSTOTAL_SERVER_URL: 'vt.example.com/proxy',
    VIRUSTOTAL_VERIFY_SSL: 'false',
    VIRUSTOTAL_TIER: 'premium',
    STACK_NAME: 'Scanning',
    VIRUSTOTAL_QUOTA_PER_MINUTE: '1000',
    VIRUSTOTAL_QUOTA_PER_DAY: 'none',
    VIRUSTOTAL_QUOTA_PER_MONTH: '15500',
    VIRUSTOTAL_CACHE_HOURS: '0',
    VIRUSTOTAL_INTERACTIVE_SHARE: '0.5',
    VIRUSTOTAL_USER_ID: 'soc',
    VIRUSTOTAL_UPLOAD: 'never',
    VIRUSTOTAL_MAX_REPORT_AGE_DAYS: '7',
    UPLOAD_BUCKET: 'uploads',
    STATE_TABLE: 'state',
    SUBMIT_FILE_STATE_MACHINE_ARN: 'arn:of:it',
    HTTP_SUBMISSION_MAX_BYTES: '0',
  };
  expect(parseEnvironment(submitFileVariables, environment)).toEqual({
    VIRUSTOTAL_API_KEY_SECRET_ARN: arn,
    VIRUSTOTAL_SERVER_URL: 'vt.example.com/proxy',
    VIRUSTOTAL_VERIFY_SSL: false,
    VIRUSTOTAL_TIER: 'premium',
    STACK_NAME: 'Scanning',
    VIRUSTOTAL_QUOTA_PER_MINUTE: 1_000,
    VIRUSTOTAL_QUOTA_PER_DAY: Number.POSITIVE_INFINITY,
    VIRUSTOTAL_QUOTA_PER_MONTH: 15_500,
    VIRUSTOTAL_CACHE_HOURS: 0,
    VIRUSTOTAL_INTERACTIVE_SHARE: 0.5,
    VIRUSTOTAL_USER_ID: 'soc',
    VIRUSTOTAL_UPLOAD: 'never',
    VIRUSTOTAL_MAX_REPORT_AGE_DAYS: 7,
    UPLOAD_BUCKET: 'uploads',
    STATE_TABLE: 'state',
    SUBMIT_FILE_STATE_MACHINE_ARN: 'arn:of:it',
    HTTP_SUBMISSION_MAX_BYTES: 0,
  });
});

it('lists every bad variable at once', () => {
  const run = () =>
    parseEnvironment(submitFileVariables, {
      VIRUSTOTAL_QUOTA_PER_DAY: '0',
      VIRUSTOTAL_INTERACTIVE_SHARE: '1',
      HTTP_SUBMISSION_MAX_BYTES: '32MB',
      VIRUSTOTAL_VERIFY_SSL: 'no',
      VIRUSTOTAL_TIER: 'gold',
      VIRUSTOTAL_UPLOAD: '',
    });
  expect(run).toThrow('VIRUSTOTAL_API_KEY_SECRET_ARN is not set');
  expect(run).toThrow('STATE_TABLE is not set');
  expect(run).toThrow('VIRUSTOTAL_VERIFY_SSL does not allow "no"');
  expect(run).toThrow('VIRUSTOTAL_TIER does not allow "gold"');
  expect(run).toThrow('HTTP_SUBMISSION_MAX_BYTES does not allow "32MB"');
  expect(run).toThrow('VIRUSTOTAL_QUOTA_PER_DAY does not allow "0"');
  expect(run).toThrow('VIRUSTOTAL_INTERACTIVE_SHARE does not allow "1"');
  expect(run).not.toThrow('VIRUSTOTAL_UPLOAD');
});

it('reads the variables of a function alone', () => {
  const environment = {
    REPORT_BUCKET: 'reports',
    EVENT_BUS_NAME: 'default',
    SCAN_UPLOAD_EXECUTIONS: 'arn:',
    HOME: '/',
  };
  expect(() => parseEnvironment(recordVerdictVariables, environment)).toThrow(
    /^bad environment: STATE_TABLE is not set$/,
  );
  expect(parseEnvironment({ REPORT_BUCKET: requiredVariable }, environment)).toEqual({
    REPORT_BUCKET: 'reports',
  });
});
