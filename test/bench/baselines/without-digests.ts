/** The submission's stream without its digests: what those cost is the difference. */
import { S3Client } from '@aws-sdk/client-s3';
import { openObject } from '../../../shared/aws/s3/s3-object.ts';
import { openVirusTotal } from '../../../shared/services.ts';
import { keepHeapSmall } from '../../../shared/uploads/submit/keep-heap-small.ts';

keepHeapSmall();
const virusTotal = await openVirusTotal(process.env);
const s3 = new S3Client({ responseChecksumValidation: 'WHEN_REQUIRED' });

/** Streams one object to VirusTotal. */
export async function handler({ bucket, key }: { bucket: string; key: string }) {
  const call = { deadline: Date.now() + 890_000 };
  const object = await openObject(s3, { bucket, key }, call);
  const file = { name: 'sample', size: object.size, open: async () => object.body };
  const answer = await virusTotal.submitFile(file, call);
  return { response_code: answer === 'already-exists' ? 0 : 1 };
}
