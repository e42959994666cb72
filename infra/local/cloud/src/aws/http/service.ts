/** What the endpoint and the services behind it agree on. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorFormat } from './refusal.ts';

/** One request that a service has to answer. */
export interface AwsExchange {
  /** Its body has not been read. */
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The access key id that signed, which is the role's logical id for a function. */
  readonly principal: string;
  /** Region of the signature, for example `us-east-1`. */
  readonly region: string;
  /**
   * Notes what this request would need of IAM. It is recorded, with the answer's status, when the
   * answer ends; a request that needs several permissions is noted several times. Call it before anything is
   * done.
   *
   * @param action - as in a policy, for example `s3:GetObject`
   * @param resources - ARNs
   * @throws AwsRefusal if the principal may not
   */
  note(action: string, resources: readonly string[]): void;
}

/** One AWS service, or an engine that serves it. */
export interface AwsService {
  /** Its names in credential scopes (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html), for example `s3`. */
  readonly names: readonly string[];
  /** How its errors are written. @default as the request is */
  readonly errorFormat?: ErrorFormat;
  /**
   * Answers. An `AwsRefusal` that it throws is answered in that format; anything else
   * is a defect of the service, and is answered with status 500.
   */
  handle(exchange: AwsExchange): void | Promise<void>;
  /** Lets go of what it holds. */
  close(): Promise<void>;
}
