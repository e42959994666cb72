/** What the distributed Map of a sweep reads and writes, with permissions for just that. */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import {
  JsonPath,
  type QueryLanguage,
  ResultWriterV2,
  S3ObjectsItemReader,
} from 'aws-cdk-lib/aws-stepfunctions';

/** Paths of the input. */
export interface ListedObjectsProps {
  readonly bucket: string;
  readonly prefix: string;
  /** Number of objects to list. */
  readonly limit: string;
}

/** Lists the current versions of the objects in a bucket. The playbook allows the buckets one by one. */
export class ListedObjects extends S3ObjectsItemReader {
  readonly #limit: string;

  constructor({ bucket, prefix, limit }: ListedObjectsProps) {
    super({ bucketNamePath: JsonPath.stringAt(bucket), prefix: JsonPath.stringAt(prefix) });
    this.#limit = limit;
  }

  override render(language?: QueryLanguage): unknown {
    return { ...super.render(language), ReaderConfig: { MaxItemsPath: this.#limit } };
  }

  override providePolicyStatements(): PolicyStatement[] {
    return [];
  }
}

/** Prefix of the results in the report bucket. */
export const SWEEPS = 'sweeps';

/** Writes the results of all batches into a folder for each sweep. */
export class SweepResults extends ResultWriterV2 {
  readonly #objects: string;

  constructor(bucket: IBucket) {
    super({ bucket, prefix: SWEEPS });
    this.#objects = bucket.arnForObjects(`${SWEEPS}/*`);
  }

  /** @see https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html */
  override providePolicyStatements(): PolicyStatement[] {
    return [
      new PolicyStatement({
        actions: [
          's3:PutObject',
          's3:GetObject',
          's3:ListMultipartUploadParts',
          's3:AbortMultipartUpload',
        ],
        resources: [this.#objects],
      }),
    ];
  }
}
