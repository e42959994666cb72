/** Buckets and their versioning. */
import { answerXml, element } from '../../xml.ts';
import { answerEmpty, bucketArn, bucketOfCall, type S3Call } from '../call.ts';
import { refuse } from '../refusals.ts';
import type { S3State } from '../state.ts';
import { readUpload } from '../upload/read-upload.ts';

/**
 * Adds a bucket; one that is there is left as it is.
 *
 * @throws AwsRefusal `InvalidBucketName`
 */
export function addBucket(
  { buckets }: S3State,
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

/** ListBuckets. */
export function listBuckets({ note, response, world }: S3Call): void {
  note('s3:ListAllMyBuckets', ['*']);
  const buckets = [...world.state.buckets.values()]
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
    .map(({ name, created }) =>
      element('Bucket', element('Name', name), element('CreationDate', created.toISOString())),
    );
  answerXml(response, 200, element('ListAllMyBucketsResult', element('Buckets', ...buckets)));
}

/** CreateBucket. */
export function createBucket(call: S3Call): void {
  const { bucket, note, world } = call;
  note('s3:CreateBucket', [bucketArn(bucket)]);
  addBucket(world.state, bucket, false, new Date(world.now()));
  answerEmpty(call, 200, { location: `/${bucket}` });
}

/** HeadBucket. */
export function headBucket(call: S3Call): void {
  call.note('s3:ListBucket', [bucketArn(call.bucket)]);
  bucketOfCall(call);
  answerEmpty(call, 200, { 'x-amz-bucket-region': call.region });
}

/** DeleteBucket. */
export function deleteBucket(call: S3Call): void {
  const { bucket, note, world } = call;
  note('s3:DeleteBucket', [bucketArn(bucket)]);
  if (bucketOfCall(call).versions.size > 0) {
    const message = 'The bucket you tried to delete is not empty. You must delete all versions.';
    throw refuse('BucketNotEmpty', message, 409);
  }
  world.state.buckets.delete(bucket);
  answerEmpty(call, 204);
}

/** GetBucketLocation. */
export function getBucketLocation(call: S3Call): void {
  call.note('s3:GetBucketLocation', [bucketArn(call.bucket)]);
  bucketOfCall(call);
  // us-east-1 has no name here.
  answerXml(call.response, 200, element('LocationConstraint'));
}

/** GetBucketVersioning. */
export function getBucketVersioning(call: S3Call): void {
  call.note('s3:GetBucketVersioning', [bucketArn(call.bucket)]);
  const { versioning } = bucketOfCall(call);
  const status = versioning === undefined ? [] : [element('Status', versioning)];
  answerXml(call.response, 200, element('VersioningConfiguration', ...status));
}

/** PutBucketVersioning. */
export async function putBucketVersioning(call: S3Call): Promise<void> {
  call.note('s3:PutBucketVersioning', [bucketArn(call.bucket)]);
  const bucket = bucketOfCall(call);
  const text = (await readUpload(call.request)).bytes.toString();
  const [, status] = /<Status>(.*?)<\/Status>/.exec(text) ?? [];
  if (status !== 'Enabled' && status !== 'Suspended') {
    throw refuse(
      'IllegalVersioningConfigurationException',
      'The status must be Enabled or Suspended.',
    );
  }
  bucket.versioning = status;
  answerEmpty(call, 200);
}
