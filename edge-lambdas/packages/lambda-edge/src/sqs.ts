import { call, type Destination } from "./aws.ts";
import { currentTrace } from "./log.ts";

/** Sends a message, with the trace of the request. It may arrive twice, as every message of a standard queue. */
export async function sendMessage({
  queueUrl,
  body,
  ...destination
}: Destination & { queueUrl: string; body: string }): Promise<void> {
  const trace = currentTrace();
  await call(
    "sqs",
    "AmazonSQS.SendMessage",
    {
      QueueUrl: queueUrl,
      MessageBody: body,
      ...(trace && {
        MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue: trace.header } },
      }),
    },
    destination,
  );
}
