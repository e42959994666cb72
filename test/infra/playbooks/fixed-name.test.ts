/** Names of state machines that a function starts: the same at every synthesis, and no two alike. */
import { App, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { namedStateMachine } from '../../../infra/playbooks/fixed-name.ts';

function nameIn(stackName: string, connectorId: string): string {
  const stack = new Stack(new App(), 'Any', { stackName });
  return namedStateMachine(new Construct(stack, connectorId), 'SubmitFile').name;
}

describe('namedStateMachine', () => {
  it('gives two stacks, and two connectors of one stack, names of their own', () => {
    const names = [nameIn('One', 'Scanner'), nameIn('Two', 'Scanner'), nameIn('One', 'Other')];
    expect(new Set(names).size).toBe(3);
    expect(nameIn('One', 'Scanner')).toBe(names[0]);
  });

  it.each(['x', 'VirusTotalConnector', 'a-rather-long-name-of-a-stack'.repeat(4).slice(0, 128)])(
    'gives the stack %s a name that Step Functions takes, and that ends in the playbook’s',
    (stackName) => {
      expect(nameIn(stackName, 'VirusTotalConnector')).toMatch(/^[A-Za-z0-9-]{1,69}-SubmitFile$/);
    },
  );
});
