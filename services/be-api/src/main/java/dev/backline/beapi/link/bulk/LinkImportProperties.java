package dev.backline.beapi.link.bulk;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How files of links are imported.
 *
 * @param maxLine longest line that is read. 16 KB hold the longest target, every character of it
 *     escaped in JSON, and all other fields.
 * @param linesInFlight lines of one upload that are stored at the same time. 32 hide the round trip
 *     to DynamoDB (4 ms each: some 8,000 lines a second) and leave most of the connection pool (50)
 *     to others.
 * @param maxFailuresInARow lines that may fail in a row because the store does not answer, before
 *     the upload is stopped. 100 show that it is no passing fault; each has been tried for seconds.
 * @param stopReserve how long before the deadline of a shutdown an upload takes no more lines. 10s:
 *     requests have to end 3 s before it, and the lines in flight may take some seconds. So an
 *     upload gets 15 s from SIGTERM on.
 */
@Validated
@ConfigurationProperties("backline.link-import")
record LinkImportProperties(
    @DefaultValue("16KB") DataSize maxLine,
    @DefaultValue("32") @Min(1) @Max(256) int linesInFlight,
    @DefaultValue("100") @Min(1) int maxFailuresInARow,
    @DefaultValue("10s") Duration stopReserve) {}
