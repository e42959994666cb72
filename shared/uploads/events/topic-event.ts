/** Events of an SNS topic that invokes the function: https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
import * as z from 'zod/mini';

/** Schema of an event; its records are parsed one by one, because one may be malformed. */
export const topicEvent = z.object({ Records: z.array(z.unknown()) });

/** Schema of one record; parses it to its message. SNS writes `EventSource` with a capital, unlike S3 and SQS. */
export const topicRecord = z.pipe(
  z.object({ EventSource: z.literal('aws:sns'), Sns: z.object({ Message: z.string() }) }),
  z.transform(({ Sns }): string => Sns.Message),
);
