/** In place of `@aws-sdk/client-dynamodb`: what a start costs without it shows what it adds. */

/** A client that is made, and sends nothing. */
export class DynamoDBClient {
  send(): never {
    throw new Error('no state table in this bundle');
  }
}
export class GetItemCommand {}
export class PutItemCommand {}
export class UpdateItemCommand {}
export class DeleteItemCommand {}
export class ConditionalCheckFailedException extends Error {}
