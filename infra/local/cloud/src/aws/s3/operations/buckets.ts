/** Buckets and their versioning. */
import { answerXml, element } from '../../http/xml.ts';
import { answerEmpty, bucketArn, bucketOf, type S3Call } from '../call.ts';
import { refuse } from '../refusals.ts';
import { textOf } from '../request-xml.ts';
import type { Bucket } from '../state.ts';
import { readText } from '../upload/incoming-body.ts';

/**
 * Adds a bucket; does nothing if it exists.
 *
 * @throws AwsRefusal `InvalidBucketName`
 */
export function addBucket(
  buckets: Map<string, Bucket>,
  name: string,
  isVersioned: boolean,
  created: Date,
): void {
  if (!/^(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) {
    throw refuse('InvalidBucketName', `The specified bucket is not valid: ${name}`);
  }
  if (buckets.has(name)) return;
  const versioning = isVersioned ? 'Enabled' : undefined;
  buckets.set(name, { name, created, versioning, versions: new Map() });
}

export function listBuckets({ note, response, world }: S3Call): void {
  note('s3:ListAllMyBuckets', ['*']);
  const buckets = [...world.buckets.values()]
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
    .map(({ name, created }) =>
      element('Bucket', element('Name', name), element('CreationDate', created.toISOString())),
    );
  answerXml(response, 200, element('ListAllMyBucketsResult', element('Buckets', ...buckets)));
}

export function createBucket(call: S3Call): void {
  const { bucket, note, world } = call;
  note('s3:CreateBucket', [bucketArn(bucket)]);
  addBucket(world.buckets, bucket, false, new Date(world.now()));
  answerEmpty(call, 200, { location: `/${bucket}` });
}

export function headBucket(call: S3Call): void {
  call.note('s3:ListBucket', [bucketArn(call.bucket)]);
  bucketOf(call);
  answerEmpty(call, 200, { 'x-amz-bucket-region': call.region });
}

export function deleteBucket(call: S3Call): void {
  const { bucket, note, world } = call;
  note('s3:DeleteBucket', [bucketArn(bucket)]);
  if (bucketOf(call).versions.size > 0) {
    const message = 'The bucket you tried to delete is not empty. You must delete all versions.';
    throw refuse('BucketNotEmpty', message, 409);
  }
  world.buckets.delete(bucket);
  answerEmpty(call, 204);
}

export function getBucketLocation(call: S3Call): void {
  call.note('s3:GetBucketLocation', [bucketArn(call.bucket)]);
  bucketOf(call);
  // us-east-1 has no name here.
  answerXml(call.response, 200, element('LocationConstraint'));
}

export function getBucketVersioning(call: S3Call): void {
  call.note('s3:GetBucketVersioning', [bucketArn(call.bucket)]);
  const { versioning } = bucketOf(call);
  const status = versioning === undefined ? [] : [element('Status', versioning)];
  answerXml(call.response, 200, element('VersioningConfiguration', ...status));
}

export async function putBucketVersioning(call: S3Call): Promise<void> {
  call.note('s3:PutBucketVersioning', [bucketArn(call.bucket)]);
  const bucket = bucketOf(call);
  const text = await readText(call.request);
  const status = textOf(text, 'Status');
  if (status !== 'Enabled' && status !== 'Suspended') {
    throw refuse(
      'IllegalVersioningConfigurationException',
      'The status must be Enabled or Suspended.',
    );
  }
  bucket.versioning = status;
  answerEmpty(call, 200);
}
