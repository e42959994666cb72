/** Prints what happens in the running stack, but never the content of a request or an event. */
import type { StackListener } from '@local/cloud';
import { playbookName, shortName } from './names.ts';
import { createQuotaStatus } from './quota-status.ts';
import type { Terminal } from './terminal.ts';

/** Creates a listener that prints to a terminal. */
export function createPrintingListener(terminal: Terminal): StackListener {
  const showQuota = createQuotaStatus(terminal);
  return {
    ...callListener(terminal),
    ...eventListener(terminal),
    ...executionListener(terminal),
    onLine: (_fn, line) => showQuota(line),
  };
}

/** Prints API requests and function invocations. */
function callListener(
  terminal: Terminal,
): Pick<StackListener, 'onRequest' | 'onInvocation' | 'onDropped'> {
  return {
    onRequest({ method, path, status, durationMs }) {
      const text = `${method} ${path} ${status} (${durationMs.toFixed(0)} ms)`;
      terminal.event('api', text, status >= 400);
    },
    onInvocation({ fn, durationMs, isCold, result }) {
      const outcome = result.status === 'succeeded' ? 'ok' : result.error.errorType;
      const coldStart = isCold ? ', cold start' : '';
      const text = `${shortName(fn.logicalId)} ${outcome} (${durationMs.toFixed(0)} ms${coldStart})`;
      terminal.event('lambda', text, result.status === 'failed');
    },
    onDropped({ functionName, attempts, error }) {
      const text = `${functionName} dropped after ${attempts} attempts: ${error.errorType}`;
      terminal.event('lambda', text, true);
    },
  };
}

/** Prints uploads, notifications, the deliveries of EventBridge, and the batches of queues. */
function eventListener(
  terminal: Terminal,
): Pick<StackListener, 'onObjectCreated' | 'onDelivery' | 'onBatch' | 'onNotification'> {
  return {
    onNotification({ bucket, targetArn, error }) {
      const reason = error === undefined ? '' : ` failed: ${error}`;
      terminal.event('s3', `${bucket} -> ${targetArn.split(':').at(-1)}${reason}`, Boolean(reason));
    },
    onBatch({ queueArn, functionArn, received, failed, error }) {
      const [queue, fn] = [queueArn, functionArn].map((arn) => arn.split(':').at(-1));
      const failures = failed > 0 ? `, ${failed} failed` : '';
      const reason = error === undefined ? '' : `: ${error}`;
      const text = `${queue} -> ${fn}, ${received} messages${failures}${reason}`;
      terminal.event('queue', text, failed > 0 || error !== undefined);
    },
    onObjectCreated({ bucket, key, size }) {
      terminal.event('s3', `s3://${bucket}/${key} (${size} bytes)`);
    },
    onDelivery({ ruleName, targetArn, outcome, error }) {
      const reason = error ? `: ${error.message}` : '';
      const text = `${ruleName} -> ${playbookName(targetArn)} ${outcome}${reason}`;
      terminal.event('rule', text, Boolean(error));
    },
  };
}

/** Prints executions of the playbooks, state by state. */
function executionListener(
  terminal: Terminal,
): Pick<StackListener, 'onStatusChange' | 'onTransition'> {
  const label = (machineArn: string, name: string) =>
    `${playbookName(machineArn)} ${name.slice(0, 8)}`;
  return {
    onStatusChange({ stateMachineArn, name, status, output, error }) {
      const reason = error === null ? verdictIn(output) : `: ${error}`;
      const text = `${label(stateMachineArn, name)} ${status}${reason}`;
      terminal.event('workflow', text, Boolean(error));
    },
    onTransition({ stateMachineArn, name }, { kind, state, error }) {
      if (kind !== 'entered' && kind !== 'failed') return;
      const step = kind === 'entered' ? `-> ${state}` : `${state} failed: ${error}`;
      terminal.event('workflow', `${label(stateMachineArn, name)} ${step}`, kind === 'failed');
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
