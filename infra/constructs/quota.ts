/** The function that returns what is used and left of VirusTotal's quota. */
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { quota } from '../../shared/operations/catalogue.ts';
import { ConnectorFunction } from './connector-function.ts';
import type { VirusTotalConnectorProps } from './connector-props.ts';
import { quotaEnvironment } from './quota-environment.ts';
import { readLedgerIn } from './state-table.ts';

/** Lambda function that may read the quota's ledger, and nothing else. */
export class Quota extends ConnectorFunction {
  constructor(
    scope: Construct,
    id: string,
    props: VirusTotalConnectorProps & {
      readonly stateTable: ITable;
      readonly logRetention?: RetentionDays;
    },
  ) {
    const { stateTable, logRetention } = props;
    const environment = quotaEnvironment(props, stateTable);
    super(scope, id, { operation: quota, environment, logRetention });
    for (const statement of readLedgerIn(stateTable)) this.role.addToPrincipalPolicy(statement);
  }
}
