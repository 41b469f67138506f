package dev.backline.localcloud;

import dev.backline.localcloud.process.Server;
import dev.backline.localcloud.sns.SnsShim;
import dev.backline.localcloud.traces.Traces;
import org.eclipse.jetty.server.Handler;

/** Everything behind the front, once it has started. */
record Services(
    Handler dynamoDb,
    Sqs sqs,
    SnsShim sns,
    S3 s3,
    Server redis,
    Server postgres,
    Traces traces,
    String publicKeys) {}
