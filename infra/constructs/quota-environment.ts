/** Environment variables of the functions that share VirusTotal's quota. */
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { configDefaults } from '../../shared/config.ts';
import type { VirusTotalConnectorProps } from './connector-props.ts';

/** Returns what every function needs to know of the quota that all of them share. */
export function quotaEnvironment(
  props: VirusTotalConnectorProps,
  stateTable: ITable,
): Record<string, string> {
  const { quotaPerMinute, quotaPerDay, quotaPerMonth } = props;
  return {
    STATE_TABLE: stateTable.tableName,
    VIRUSTOTAL_TIER: props.tier ?? configDefaults.tier,
    VIRUSTOTAL_INTERACTIVE_SHARE: String(props.interactiveShare ?? configDefaults.interactiveShare),
    ...(quotaPerMinute && { VIRUSTOTAL_QUOTA_PER_MINUTE: String(quotaPerMinute) }),
    ...(quotaPerDay && { VIRUSTOTAL_QUOTA_PER_DAY: String(quotaPerDay) }),
    ...(quotaPerMonth && { VIRUSTOTAL_QUOTA_PER_MONTH: String(quotaPerMonth) }),
  };
}
