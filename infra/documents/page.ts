/** The page of the playbooks: of each its comment, a sample input and a diagram of its definition. */
import type { Workflow } from '@local/cloud/step-functions';
import { samples } from '../playbooks/samples.ts';
import { diagramOf } from './diagram.ts';

const head = `# Playbooks

Written by \`npm run playbooks\` from the synthesised definitions: do not edit. The sources are in
\`infra/playbooks/\`, one file each. Start one with its ARN, which the stack's outputs name
\`<Playbook>StateMachineArn\`:

\`\`\`sh
aws stepfunctions start-execution --state-machine-arn ARN --input file://input.json
\`\`\`

Framed twice: a call of a function. Round: a pause, in which nothing runs. Dotted: a caught error.
`;

/**
 * Writes the page.
 *
 * @param definitions - by the playbook's name
 */
export function pageOf(definitions: ReadonlyMap<string, Workflow>): string {
  const sections = [...definitions].map(([name, definition]) =>
    [
      `## ${name}`,
      String(definition.Comment),
      fence('json', JSON.stringify(samples[name], null, 2)),
      fence('mermaid', diagramOf(definition)),
    ].join('\n\n'),
  );
  return `${[head.trimEnd(), ...sections].join('\n\n')}\n`;
}

function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}
