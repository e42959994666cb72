/** Names that a person reads. */

/**
 * The construct id of a function, by its logical id.
 *
 * @param logicalId - for example `VirusTotalConnectorSubmitFileFunction2F44D4B9`
 * @returns for example `SubmitFile`
 */
export function shortName(logicalId: string): string {
  return logicalId.replace(/^VirusTotalConnector(?=.)/, '').replace(/Function[0-9A-F]{8}$/, '');
}

/**
 * The name of a playbook, by the ARN or name of its state machine.
 *
 * @returns for example `ScanUpload`
 */
export function playbookName(machine: string): string {
  const name = machine.split(':').at(-1) ?? machine;
  // Where a function has to know it, the name is fixed, and ends in the playbook's.
  return /Playbooks(\w+?)StateMachine|-([A-Za-z]+)$/.exec(name)?.slice(1).find(Boolean) ?? name;
}
