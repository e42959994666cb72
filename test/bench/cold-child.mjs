/** One cold start: imports a bundle, invokes its handler once, in plain JavaScript since stripping types costs more than an empty handler. */
const [file, event] = process.argv.slice(2);
const { handler } = await import(file ?? '');
const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => 30_000 };
const output = await handler(JSON.parse(event ?? '{}'), context);
if (typeof output?.response_code !== 'number') throw new Error('that is no output');
process.stdout.write('answered\n', () => process.exit(0));
