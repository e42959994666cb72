/** Lambda's errors: REST-JSON, the code in a header. */
import type { ServerResponse } from 'node:http';
import { answerJson } from '../json.ts';
import { AwsRefusal } from '../refusal.ts';

/** The refusal of a function that is not there. */
export function functionNotFound(arn: string): AwsRefusal {
  return new AwsRefusal('ResourceNotFoundException', `Function not found: ${arn}`, 404);
}

/** Answers a refusal as Lambda does. */
export function answerLambdaRefusal(
  response: ServerResponse,
  { code, message, status }: AwsRefusal,
): void {
  response.setHeader('content-type', 'application/json');
  response.setHeader('x-amzn-errortype', code);
  answerJson(response, status, { Type: status < 500 ? 'User' : 'Service', Message: message });
}
