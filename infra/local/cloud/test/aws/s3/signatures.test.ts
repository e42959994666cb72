/** Ways to sign that no current SDK for Node uses. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startLocalAws } from '../../support/local-aws.ts';

let aws: Awaited<ReturnType<typeof startLocalAws>>;

beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws.close());

it('takes presigned URLs of SigV2', async () => {
  const query = 'AWSAccessKeyId=SomeRole&Signature=abc%3D&Expires=1893456000';
  const url = `${aws.url}/plain/v2.txt?${query}`;
  expect((await fetch(url, { method: 'PUT', body: 'hello' })).status).toBe(200);
  const answer = await fetch(url);
  expect([answer.status, await answer.text()]).toEqual([200, 'hello']);
  expect(aws.recorder.take()).toEqual([
    's3:PutObject arn:aws:s3:::plain/v2.txt 200',
    's3:GetObject arn:aws:s3:::plain/v2.txt 200',
  ]);
});

it('takes the header of SigV2', async () => {
  const headers = { authorization: 'AWS SomeRole:signature=' };
  expect((await fetch(`${aws.url}/plain?list-type=2`, { headers })).status).toBe(200);
});

it('names a presigned POST, which it does not take', async () => {
  const body = new FormData();
  body.set('key', 'form.txt');
  body.set('file', new Blob(['x']));
  const answer = await fetch(`${aws.url}/plain`, { method: 'POST', body });
  expect(answer.status).toBe(501);
  expect(await answer.text()).toContain(
    'The local S3 does not support uploads by HTML form (presigned POST), only presigned PUT.',
  );
});
