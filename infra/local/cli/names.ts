/** Short names for the terminal. */

/**
 * Returns the construct id of a function, from its logical id.
 *
 * @param logicalId - for example `VirusTotalConnectorSubmitFileFunction2F44D4B9`
 * @returns for example `SubmitFile`
 */
export function shortName(logicalId: string): string {
  return logicalId.replace(/^VirusTotalConnector(?=.)/, '').replace(/Function[0-9A-F]{8}$/, '');
}

/**
 * Returns the name of a playbook, from the ARN or name of its state machine.
 *
 * @returns for example `ScanUpload`
 */
export function playbookName(machine: string): string {
  const name = machine.split(':').at(-1) ?? machine;
  // A machine that a function starts has a fixed name, which ends in the playbook's.
  return /Playbooks(\w+?)StateMachine|-([A-Za-z]+)$/.exec(name)?.slice(1).find(Boolean) ?? name;
}
