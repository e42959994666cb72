/** The types that the parts of the local cloud share. */

/** A function of the template, with its references resolved. */
export interface LocalFunction {
  /** Logical id in the template, for example `SubmitFileFunction8A5F2B13`. */
  readonly logicalId: string;
  /** Name by which it is invoked. */
  readonly name: string;
  readonly arn: string;
  /** Logical id of its role. */
  readonly roleId: string;
  /** Directory of the bundle that would be deployed. */
  readonly directory: string;
  /** For example `nodejs24.x`. */
  readonly runtime?: string;
  /** For example `index.handler`. */
  readonly handler: string;
  /** Limit of a whole invocation, milliseconds. */
  readonly timeoutMs: number;
  readonly memoryMiB: number;
  /** Name of its log group. @default `/aws/lambda/<name>` */
  readonly logGroup?: string;
  /** Whether Lambda lets it run in a loop (`RecursiveLoop: Allow`). @default false */
  readonly allowsRecursion?: boolean;
  /** Variables of the template, resolved. */
  readonly environment: Readonly<Record<string, string>>;
}

/** An error as Lambda passes it on: the `Cause` of a failed Step Functions task is this as JSON text. */
export interface LambdaError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** How an invocation ended. */
export type InvocationResult =
  | { readonly status: 'succeeded' /** JSON text. */; readonly payload: string }
  | { readonly status: 'failed'; readonly error: LambdaError };

/** Invokes functions as Lambda does, synchronously. */
export interface Invoker {
  /**
   * @param name - logical id, name or ARN of the function
   * @param payload - JSON text
   * @param traceHeaders - of the requests that led to it, which tell loops. @default none
   * @throws UnknownFunctionError
   */
  invoke(
    name: string,
    payload: string,
    traceHeaders?: readonly (string | undefined)[],
  ): Promise<InvocationResult>;
}

/** The function does not exist. */
export class UnknownFunctionError extends Error {
  override readonly name = 'UnknownFunctionError';
}

/** A call of an AWS service that a local engine served. */
export interface AwsCall {
  /** Who called: the access key id of the request, which is the role's logical id for a function. */
  readonly principal: string;
  /** As in a policy, for example `s3:GetObject`. */
  readonly action: string;
  /** ARNs that the call touches. */
  readonly resources: readonly string[];
  /** HTTP status of the answer, if known. */
  readonly status?: number;
}

/** Records AWS calls in order, and decides whether they are allowed. */
export interface CallRecorder {
  record(call: AwsCall): void;
  /** Returns why the call is not allowed. @default all calls are */
  readonly refusalOf?: (call: AwsCall) => string | undefined;
}

/** The account of the local run. */
export const LOCAL_ACCOUNT = '000000000000';
/** The Region of the local run. */
export const LOCAL_REGION = 'us-east-1';
