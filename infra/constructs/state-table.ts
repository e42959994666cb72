/**
 * The table of claims on what is submitted, of recorded outcomes, of the quota and of VirusTotal's answers, and the
 * permissions to use it.
 */
import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, type ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/**
 * An on-demand table. Claims and answers expire after a day, claims that wait for the quota after 90 days, and records
 * after 120 days. It is deleted with the stack, because
 * its loss does little harm: an event that is delivered again would be submitted and recorded again.
 */
export class StateTable extends Table {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}

/** Permissions to keep the quota's ledger and VirusTotal's answers, and nothing else of the table. */
export function ledgerIn(table: ITable): PolicyStatement[] {
  return onItems(
    table,
    ['quota#*', 'report#*'],
    ['dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
  );
}

/** Permissions to read the quota's ledger. */
export function readLedgerIn(table: ITable): PolicyStatement[] {
  return onItems(table, ['quota#*'], ['dynamodb:BatchGetItem']);
}

function onItems(table: ITable, keys: string[], actions: string[]): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions,
      resources: [table.tableArn],
      conditions: {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys },
      },
    }),
  ];
}

/** Permissions to claim what is submitted, store receipts and release claims. @param keys - `object#*` or `url#*` */
export function claimIn(table: ITable, keys: string): PolicyStatement[] {
  return onItems(
    table,
    [keys],
    ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
  );
}

/** Permissions to record outcomes. */
export function recordIn(table: ITable): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      resources: [table.tableArn],
    }),
  ];
}
