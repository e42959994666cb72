/** docs/first-deployment.md, from the checks of `npm run verify` and the list of what only a person can check. */
import type { Check, CheckClass } from '../verify/check.ts';
import { checks } from '../verify/checks/all.ts';
import { type ManualSection, manualChecks } from '../verify/manual-checks.ts';

/** How each class of checks is run. */
const runs: Readonly<Record<CheckClass, { readonly title: string; readonly text: string }>> = {
  lookup: { title: 'Reads and lookups', text: 'They run by default.' },
  object: {
    title: 'Objects under `verify/`',
    text: 'They run by default. The EICAR test file is known to VirusTotal, so that no byte of it is sent. Every version is removed at the end, also after Ctrl-C or a kill.',
  },
  submit: { title: 'With `--submit`', text: 'A generated text is published on VirusTotal.' },
  large: {
    title: 'With `--large`',
    text: 'Generated files are published on VirusTotal; the upload takes time.',
  },
  bucket: {
    title: 'With `--bucket NAME`',
    text: 'The bucket may have a customer-managed KMS key (`uploadBucketKmsKeyArn`, `readBucketKmsKeyArns`) or be in another Region. The stack has to be allowed to read it (`readBucketNames`).',
  },
  breaking: {
    title: 'Only with `--only`',
    text: 'These break or lock something for a while. They run only with `--only NAME`, and after you have typed the name.',
  },
};

const classes = Object.keys(runs).filter((name): name is CheckClass => Object.hasOwn(runs, name));

/** Returns the page. */
export function firstDeploymentPage(): string {
  const requests = checks
    .filter((check) => check.class === 'lookup' || check.class === 'object')
    .reduce((sum, check) => sum + check.requests, 0);
  return [
    '# First deployment',
    '<!-- npm run first-deployment writes this page from infra/verify/; do not edit it. -->',
    'Everything is tested on every commit against the local run. What only an AWS account can prove is proved by one command after the first deployment:',
    '```sh\nnpm run verify -- --stack VirusTotalConnector --region eu-central-1 --profile production\n```',
    `It uses the credentials of the AWS CLI, and public interfaces only. By default it makes at most ${requests} requests to VirusTotal, which take about four minutes with a free key: it waits for the quota. \`npm run verify -- --help\` lists the options; \`--json\` and \`--junit\` write the results. The exit code is 0 if all checks have passed, 1 if one has failed, 2 for wrong usage, and 3 if something could not be checked, which never counts as passed.`,
    'Tick what you have seen.',
    ...manualSection('Before you deploy'),
    ...manualSection('Deploy'),
    'Wait five minutes after the first deployment: S3 takes about that long to send its first events to EventBridge. Uploads before that, and objects that were in a bucket before, start no scan; [`ScanExisting`](../README.md#scan-what-is-already-there) scans them.',
    '## What `npm run verify` checks',
    ...classes.flatMap(classSection),
    'What stays afterwards: log lines, records of scans in the state table until they expire, and their events on the bus.',
    '## What only a person can check',
    ...(['API', 'Functions', 'Uploads', 'Teardown'] as const).flatMap((section) =>
      manualSection(section, '###'),
    ),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

function manualSection(section: ManualSection, level = '##'): string[] {
  const items = manualChecks.filter((check) => check.section === section);
  return [`${level} ${section}`, items.map(({ text }) => `- [ ] ${text}`).join('\n')];
}

function classSection(name: CheckClass): string[] {
  const ofClass = checks.filter((check) => check.class === name);
  if (ofClass.length === 0) return [];
  const { title, text } = runs[name];
  return [`### ${title}`, text, ofClass.map(itemOf).join('\n')];
}

function itemOf({ id, proves, requests, breaks }: Check): string {
  const cost = requests === 0 ? '' : ` (${requests} ${requests === 1 ? 'request' : 'requests'})`;
  return `- [ ] \`${id}\`${cost}: ${proves}${breaks === undefined ? '' : ` ${breaks}`}`;
}
