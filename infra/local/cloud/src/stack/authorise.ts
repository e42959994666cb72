/** Holds calls of the stack's roles against their policies. */
import type { LocalStack } from '../template/load-assembly.ts';
import type { LocalRole } from '../template/views/roles.ts';
import type { AwsCall, Invoker } from '../types.ts';
import type { CallLog } from './call-log.ts';

/** Evaluates the policies of a role. */
export type MayCall = (role: LocalRole, action: string, resource: string) => boolean;

/** Returns why a call is refused, as AWS words it; undefined if it is allowed, or if none of the roles makes it. */
export function refusalBy(mayCall: MayCall, roles: LocalStack['roles']) {
  return ({ principal, action, resources }: AwsCall): string | undefined => {
    const role = roles.get(principal);
    const denied = role && resources.find((resource) => !mayCall(role, action, resource));
    return denied === undefined
      ? undefined
      : `User: ${role?.arn} is not authorized to perform: ${action} on resource: ${denied}`;
  };
}

/** Invokes functions with a state machine's role. */
export function invokerOfRole(principal: string, invoker: Invoker, calls: CallLog): Invoker {
  return {
    async invoke(name, ...rest) {
      const call = { principal, action: 'lambda:InvokeFunction', resources: [name] };
      const errorMessage = calls.refusalOf(call);
      if (errorMessage === undefined) return invoker.invoke(name, ...rest);
      return {
        status: 'failed',
        error: { errorType: 'Lambda.AWSLambdaException', errorMessage },
      };
    },
  };
}
