/** Prints what happens in the running stack, but never the content of a request or an event. */
import type { StackListener } from '@local/cloud';
import { playbookName, shortName } from './names.ts';
import type { Terminal } from './terminal.ts';

/** Creates a listener that prints to a terminal. */
export function createPrintingListener(terminal: Terminal): StackListener {
  return {
    onRequest: ({ method, path, status, durationMs }) =>
      terminal.event(
        'api',
        `${method} ${path} ${status} (${durationMs.toFixed(0)} ms)`,
        status >= 400,
      ),
    onInvocation({ fn, durationMs, isCold, result }) {
      const how = result.status === 'succeeded' ? 'ok' : result.error.errorType;
      const start = isCold ? ', cold start' : '';
      const isBad = result.status === 'failed';
      terminal.event(
        'lambda',
        `${shortName(fn.logicalId)} ${how} (${durationMs.toFixed(0)} ms${start})`,
        isBad,
      );
    },
    onDropped: ({ functionName, attempts, error }) =>
      terminal.event(
        'lambda',
        `${functionName} dropped after ${attempts} attempts: ${error.errorType}`,
        true,
      ),
    onObjectCreated: ({ bucket, key, size }) =>
      terminal.event('s3', `s3://${bucket}/${JSON.stringify(key).slice(1, -1)} (${size} bytes)`),
    onDelivery({ ruleName, targetArn, outcome, error }) {
      const why = error ? `: ${error.message}` : '';
      const target = playbookName(targetArn);
      terminal.event('rule', `${ruleName} -> ${target} ${outcome}${why}`, Boolean(error));
    },
    onStatusChange({ stateMachineArn, name, status, output, error }) {
      const machine = playbookName(stateMachineArn);
      const why = error === null ? verdictIn(output) : `: ${error}`;
      terminal.event('workflow', `${machine} ${name.slice(0, 8)} ${status}${why}`, Boolean(error));
    },
    onTransition({ stateMachineArn, name }, { kind, state, error }) {
      if (kind !== 'entered' && kind !== 'failed') return;
      const machine = playbookName(stateMachineArn);
      const what = kind === 'entered' ? `-> ${state}` : `${state} failed: ${error}`;
      terminal.event('workflow', `${machine} ${name.slice(0, 8)} ${what}`, kind === 'failed');
    },
  };
}

/** Returns the verdict in a playbook's output, if any; the rest of the output stays private. */
function verdictIn(output: string | null): string {
  const verdict: unknown = output === null ? undefined : JSON.parse(output)?.verdict;
  if (typeof verdict === 'string') return `: ${verdict}`;
  const isRecord = typeof verdict === 'object' && verdict !== null && 'value' in verdict;
  return isRecord ? `: ${String(verdict.value)}` : '';
}
