/** S3, as the distributed Maps of a state machine use it: with the machine's role. */
import { PutObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import type { ListedItem, ObjectStore } from '../step-functions/object-store.ts';
import { localClientOptions } from './queues.ts';

/** @param roleId - the access key by which the services know the role */
export function objectStoreOf(roleId: string, awsUrl: () => string): ObjectStore {
  const withClient = async <T>(work: (client: S3Client) => Promise<T>): Promise<T> => {
    const credentials = { accessKeyId: roleId, secretAccessKey: roleId };
    const client = new S3Client({
      ...localClientOptions(awsUrl()),
      credentials,
      forcePathStyle: true,
    });
    try {
      return await work(client);
    } finally {
      client.destroy();
    }
  };
  return {
    list: (bucket, prefix, most) => withClient((client) => list(client, bucket, prefix, most)),
    put: (Bucket, Key, Body) =>
      withClient(async (client) => {
        await client.send(new PutObjectCommand({ Bucket, Key, Body }));
      }),
  };
}

async function list(
  client: S3Client,
  Bucket: string,
  Prefix: string,
  most: number,
): Promise<ListedItem[]> {
  const items: ListedItem[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix })) {
    for (const { Key, ETag, LastModified, Size = 0, StorageClass = 'STANDARD' } of Contents) {
      if (Key === undefined || ETag === undefined || items.length >= most) continue;
      const seconds = (LastModified?.getTime() ?? 0) / 1000;
      items.push({ Etag: ETag, Key, LastModified: seconds, Size, StorageClass });
    }
    if (items.length >= most) break;
  }
  return items;
}
