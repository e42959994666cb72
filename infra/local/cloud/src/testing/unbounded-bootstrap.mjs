/** Entry point of a process of `UnboundedFunctions`: calls the handler for each message, however many still run. */
import { join } from 'node:path';
import { scaleTime } from '../lambda/scale-time.mjs';

process.on('disconnect', () => process.exit(0));

const clock = scaleTime({ speed: 1, origin: 0, skippedMs: 0 });

const [file, name] = (process.env._HANDLER ?? '').split('.');
const loaded = import(join(process.env.LAMBDA_TASK_ROOT ?? '', `${file}.mjs`));

process.on('message', async (text) => {
  const { id, payload, functionArn, now, timeoutMs } = JSON.parse(text);
  clock.skippedMs += now - Date.now();
  const startedAt = process.uptime();
  const context = {
    awsRequestId: crypto.randomUUID(),
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    getRemainingTimeInMillis: () => timeoutMs - (process.uptime() - startedAt) * 1000,
  };
  const result = await resultOf(JSON.parse(payload), context);
  process.send?.(JSON.stringify({ id, result }));
});

/** As AWS's runtime interface client reports it. */
async function resultOf(event, context) {
  try {
    const handler = (await loaded)[name];
    const answer = await handler(event, context);
    return { status: 'succeeded', payload: JSON.stringify(answer ?? null) };
  } catch (error) {
    const { name: errorType, message: errorMessage, stack } = error;
    return { status: 'failed', error: { errorType, errorMessage, trace: stack.split('\n') } };
  }
}
