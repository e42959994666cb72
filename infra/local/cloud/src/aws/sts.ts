/** STS of the local run: says who calls (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html). */
import { LOCAL_ACCOUNT } from '../types.ts';
import { readBody } from './http/json.ts';
import { AwsRefusal } from './http/refusal.ts';
import type { AwsService } from './http/service.ts';
import { answerXml, element } from './http/xml.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** Serves GetCallerIdentity. There is no IAM: the caller is a made-up user with the name of the access key. */
export function createSts(): AwsService {
  return {
    names: ['sts'],
    errorFormat: 'query',
    async handle({ request, response, note, principal }) {
      const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
      const form = new URLSearchParams((await readBody(request)).toString());
      const action = form.get('Action') ?? query.get('Action') ?? 'none';
      if (action !== 'GetCallerIdentity') {
        const message = `The local run does not serve sts:${action}. Served here: GetCallerIdentity.`;
        throw new AwsRefusal('NotImplemented', message, 501);
      }
      note('sts:GetCallerIdentity', ['*']);
      const result = element(
        'GetCallerIdentityResult',
        element('Arn', `arn:aws:iam::${LOCAL_ACCOUNT}:user/${principal}`),
        element('UserId', principal),
        element('Account', LOCAL_ACCOUNT),
      );
      const requestId = String(response.getHeader('x-amzn-requestid'));
      const metadata = element('ResponseMetadata', element('RequestId', requestId));
      answerXml(response, 200, element('GetCallerIdentityResponse', result, metadata), NAMESPACE);
    },
    close: async () => undefined,
  };
}
