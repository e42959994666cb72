import { expect, it } from 'vitest';
import { createSts } from '../../src/aws/sts.ts';
import { serve } from './serve.ts';

/** Sends what every SDK sends. */
async function call(Action: string) {
  const served = await serve(createSts());
  const scope = 'local/20260101/us-east-1/sts/aws4_request';
  const answer = await fetch(served.options.endpoint, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    },
    body: new URLSearchParams({ Action, Version: '2011-06-15' }),
  });
  return { status: answer.status, text: await answer.text(), recorder: served.recorder };
}

it('tells callers who they are', async () => {
  const { status, text, recorder } = await call('GetCallerIdentity');
  expect(status).toBe(200);
  expect(text).toMatch(
    /^<\?xml .*\n<GetCallerIdentityResponse xmlns="https:..sts.amazonaws.com.doc.2011-06-15.">/,
  );
  expect(text).toContain(
    '<GetCallerIdentityResult><Arn>arn:aws:iam::000000000000:user/local</Arn><UserId>local</UserId><Account>000000000000</Account></GetCallerIdentityResult>',
  );
  expect(text).toMatch(/<ResponseMetadata><RequestId>[\da-f-]{36}<.RequestId><.ResponseMetadata>/);
  expect(recorder.take()).toEqual(['sts:GetCallerIdentity * 200']);
});

it('names other actions', async () => {
  const { status, text } = await call('AssumeRole');
  expect(status).toBe(501);
  expect(text).toContain('<Code>NotImplemented</Code>');
  expect(text).toContain('The local run does not serve sts:AssumeRole.');
});
