/** Secrets, keys and buckets of another account or Region. */
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { VirusTotalConnector } from '../../../infra/constructs/virustotal-connector.ts';
import { synthesise } from '../synthesise.ts';

const HOME = { account: '111122223333', region: 'eu-central-1' };
const AWAY = '999988887777';
const secretIn = (region: string, partition = 'aws') =>
  `arn:${partition}:secretsmanager:${region}:${HOME.account}:secret:virustotal`;
const keyIn = (region: string) =>
  `arn:aws:kms:${region}:${HOME.account}:key/11111111-2222-3333-4444-555555555555`;

function setUp(env: Partial<typeof HOME> = HOME) {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  const stack = new Stack(app, 'Stack', { env });
  return { app, stack, connector: new VirusTotalConnector(stack, 'VirusTotalConnector') };
}

afterEach(() => vi.unstubAllEnvs());

/** As the `cdk` command says where a stack without `env` goes. */
function deployTo({ account, region }: Partial<typeof HOME>) {
  vi.stubEnv('CDK_DEFAULT_ACCOUNT', account);
  vi.stubEnv('CDK_DEFAULT_REGION', region);
}

describe('the API key’s secret and the keys of what is created', () => {
  it.each([
    ['apiKeySecretArn', secretIn('us-east-1'), 'apiKeySecret'],
    ['apiKeySecretKmsKeyArn', keyIn('us-east-1'), 'apiKeySecretEncryptionKey'],
    ['uploadBucketKmsKeyArn', keyIn('eu-west-1'), 'uploadBucketEncryptionKey'],
  ])(
    '%s of another Region is refused',
    (name, value, property) => {
      deployTo(HOME);
      const [, , , region] = value.split(':');
      expect(() => synthesise({ [name]: value })).toThrow(
        `${property}: got one in the Region ${region}; allowed: one in eu-central-1, where the stack is deployed`,
      );
    },
    180_000,
  );

  it.each([
    ['of the same Region', HOME, secretIn('eu-central-1')],
    ['while the Region is unknown', {}, secretIn('us-east-1')],
    [
      'while the Region is a guess, for lack of credentials',
      { region: 'eu-central-1' },
      secretIn('us-east-1'),
    ],
  ])(
    'a secret %s is taken',
    (_, target, apiKeySecretArn) => {
      deployTo(target);
      expect(() => synthesise({ apiKeySecretArn })).not.toThrow();
    },
    180_000,
  );
});

describe('a bucket whose uploads are scanned', () => {
  it.each([
    [
      { region: 'eu-west-1' },
      `in ${HOME.account}, eu-west-1, but the stack is deployed to ${HOME.account}, eu-central-1`,
    ],
    [
      { account: AWAY },
      `in ${AWAY}, eu-central-1, but the stack is deployed to ${HOME.account}, eu-central-1`,
    ],
  ])(
    'of %j is refused with what to do, and taken once its events are forwarded',
    (place, message) => {
      const { stack, connector } = setUp();
      const bucket = Bucket.fromBucketAttributes(stack, 'Away', { bucketName: 'away', ...place });
      expect(() => connector.scanBucket(bucket)).toThrow(message);
      const other = Bucket.fromBucketAttributes(stack, 'Other', { bucketName: 'other', ...place });
      connector.scanBucket(other, { eventsAreForwarded: true });
      const rules = JSON.stringify(Template.fromStack(stack).findResources('AWS::Events::Rule'));
      expect(rules).toContain('"name":["other"]');
    },
    180_000,
  );

  it('of another stack in another Region is refused', () => {
    const { app, connector } = setUp();
    const elsewhere = new Stack(app, 'Elsewhere', { env: { ...HOME, region: 'us-east-1' } });
    const bucket = new Bucket(elsewhere, 'Bucket', { bucketName: 'away' });
    expect(() => connector.scanBucket(bucket)).toThrow(
      /S3 sends events to the bucket's own account/,
    );
  }, 180_000);

  it('is refused as the upload bucket too', () => {
    const stack = new Stack(new App(), 'Stack', { env: HOME });
    const uploadBucket = Bucket.fromBucketAttributes(stack, 'Away', {
      bucketName: 'away',
      account: AWAY,
    });
    const create = () => new VirusTotalConnector(stack, 'Connector', { uploadBucket });
    expect(create).toThrow(/its uploads would not be scanned/);
  }, 180_000);

  it('of an unknown place is taken', () => {
    const { stack, connector } = setUp();
    expect(() =>
      connector.scanBucket(Bucket.fromBucketName(stack, 'Some', 'some-bucket')),
    ).not.toThrow();
    const agnostic = setUp({});
    const place = { bucketName: 'away', account: AWAY, region: 'eu-west-1' };
    const bucket = Bucket.fromBucketAttributes(agnostic.stack, 'Away', place);
    expect(() => agnostic.connector.scanBucket(bucket)).not.toThrow();
  }, 180_000);
});

describe('the statements that are printed for an imported bucket', () => {
  it.each([
    ['cn-north-1', '"arn:aws-cn:s3:::samples-of-ours/*"'],
    ['us-gov-west-1', '"arn:aws-us-gov:s3:::samples-of-ours/*"'],
    ['eu-central-1', '"arn:aws:s3:::samples-of-ours/*"'],
  ])(
    'name the partition of %s',
    (region, resource) => {
      deployTo({ ...HOME, region });
      const context = { denyUntilVerdict: true, uploadBucketName: 'samples-of-ours' };
      expect(() => synthesise(context)).toThrow(resource);
      expect(() => synthesise(context)).not.toThrow(/Synthesis does not know the Region/);
    },
    180_000,
  );

  it('say so if the partition is unknown', () => {
    deployTo({});
    const context = { denyUntilVerdict: true, uploadBucketName: 'samples-of-ours' };
    expect(() => synthesise(context)).toThrow(
      /Synthesis does not know the Region(.|\n)*arn:aws:s3/,
    );
  }, 180_000);
});

describe('keys of buckets that are read or scanned', () => {
  it('are usable through S3 in the Region of each key, by the functions that need them', () => {
    const { template } = synthesise({
      readBucketKmsKeyArns: [keyIn('us-west-2'), keyIn('us-west-2')],
      scanBucketKmsKeyArns: keyIn('eu-west-1'),
    });
    const decryptedBy = (role: string) =>
      Object.entries(template.findResources('AWS::IAM::Policy'))
        .filter(([id]) => id.startsWith(`VirusTotalConnector${role}Role`))
        .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
        .filter(({ Action }) => Action === 'kms:Decrypt')
        .map(({ Resource, Condition }) => [
          Resource,
          Condition.StringEquals['kms:ViaService']['Fn::Join'][1][0],
        ]);
    expect(decryptedBy('SubmitFile')).toEqual([
      [keyIn('us-west-2'), 's3.us-west-2.'],
      [keyIn('eu-west-1'), 's3.eu-west-1.'],
    ]);
    expect(decryptedBy('RecordVerdict')).toEqual([[keyIn('eu-west-1'), 's3.eu-west-1.']]);
    expect(decryptedBy('SubmitUrl')).toEqual([]);
  }, 180_000);

  it('of a key created in the stack, in its Region', () => {
    const { stack, connector } = setUp({});
    connector.decryptWith(new Key(stack, 'Key'), 'read');
    const text = JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    expect(text).toContain('"kms:ViaService":{"Fn::Join":["",["s3.",{"Ref":"AWS::Region"}');
  }, 180_000);
});
