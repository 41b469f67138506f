package dev.backline.localcloud;

import dev.backline.localcloud.process.Server;
import dev.backline.localcloud.sns.SnsShim;
import dev.backline.localcloud.traces.Traces;
import org.eclipse.jetty.server.Handler;
import org.jspecify.annotations.Nullable;

/**
 * Everything behind the front, once it has started.
 *
 * @param redis null = without
 * @param postgres null = without
 */
record Services(
    Handler dynamoDb,
    Sqs sqs,
    SnsShim sns,
    S3 s3,
    @Nullable Server redis,
    @Nullable Server postgres,
    Traces traces,
    String publicKeys) {}
