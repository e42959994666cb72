/** What the local run prints once it serves. */

import type { RunningStack } from '@local/cloud';
import { localNotes } from '@local/cloud/step-functions';
import { routes } from '../../openapi/routes.ts';
import { eicar } from '../../verify/eicar.ts';
import { playbookName, shortName } from './names.ts';
import type { Terminal } from './terminal.ts';
import type { VirusTotal } from './virustotal.ts';

const MALICIOUS_URL = 'http://malware.example.com/';

/** Prints the endpoints, and commands to paste. */
export function printBanner(
  { apiUrl, awsUrl, stack, lambda, stateMachines }: RunningStack,
  shown: Pick<VirusTotal, 'url' | 'shownKey'> & { readonly isSigned: boolean },
  terminal: Terminal,
): void {
  const bucket = stack.outputs.UploadBucketName;
  terminal.line();
  terminal.heading(`API         ${apiUrl}`);
  for (const { name, route } of routes) {
    terminal.line(`  ${route.method.padEnd(4)} ${route.path.padEnd(22)} ${name}`);
  }
  terminal.heading(`AWS         ${awsUrl}`);
  terminal.line('  S3, SQS, Secrets Manager, DynamoDB, Lambda, EventBridge, Step Functions');
  terminal.line(`  bucket      ${bucket}`);
  const machines = stack.stateMachines.map(({ name }) => playbookName(name));
  terminal.line(
    `  functions   ${lambda.functions.map((fn) => shortName(fn.logicalId)).join(', ')}`,
  );
  if (machines.length > 0) terminal.line(`  playbooks   ${machines.join(', ')}`);
  for (const note of localNotes(stateMachines.stateMachines))
    terminal.line(`  note        ${note}`);
  terminal.line('  names       npm run outputs prints full names and ARNs');
  terminal.line("  quota       npm run quota prints what is left of VirusTotal's quota");
  terminal.heading(`VirusTotal  ${shown.url}`);
  if (shown.shownKey) terminal.line(`  x-apikey    ${shown.shownKey}`);
  terminal.line();
  terminal.line('Try:');
  for (const command of [
    ...curlCommands(apiUrl, shown.isSigned),
    ...awsCommands(awsUrl, bucket ?? '', fileReputationName(lambda)),
  ]) {
    terminal.line(`  ${command}`);
  }
  terminal.line();
}

function fileReputationName({ functions }: RunningStack['lambda']): string {
  return functions.find(({ logicalId }) => logicalId.includes('FileReputation'))?.name ?? '';
}

/** Commands for bash and zsh. curl signs since 7.75, and queries as AWS expects them only in upper-case hexadecimal. */
function curlCommands(apiUrl: string, isSigned: boolean): string[] {
  const curl = isSigned
    ? 'curl --aws-sigv4 aws:amz:us-east-1:execute-api --user local:local'
    : 'curl';
  return [
    `${curl} ${apiUrl}/files/${eicar.md5}`,
    `${curl} '${apiUrl}/ip-addresses/203.0.113.7?details=summary'`,
    `${curl} ${apiUrl}/domains/example.com`,
    isSigned
      ? `${curl} '${apiUrl}/urls?url=${encodeURIComponent(MALICIOUS_URL)}'`
      : `${curl} -G --data-urlencode 'url=${MALICIOUS_URL}' ${apiUrl}/urls`,
    `${curl} -d '{"url":"https://example.com/"}' -H 'content-type: application/json' ${apiUrl}/urls`,
  ];
}

/** The AWS CLI reads `AWS_ENDPOINT_URL` only since 1.29 and 2.13, and Debian 12 ships 2.9. */
function awsCommands(awsUrl: string, bucket: string, fn: string): string[] {
  const aws = `AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 aws --endpoint-url ${awsUrl}`;
  return [
    'npm run scan -- README.md',
    `${aws} s3 cp README.md s3://${bucket}/`,
    `echo '{"hash":"${eicar.md5}"}' | ${aws} lambda invoke --function-name ${fn} --payload fileb:///dev/stdin /dev/stdout`,
  ];
}
