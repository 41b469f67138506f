package dev.backline.beapi.link.bulk;

/**
 * What became of a file.
 *
 * @param imported links that were created
 * @param repeated links that an earlier upload with the same key had created
 * @param refused lines that hold no acceptable link, or whose link could not be stored
 * @param total all lines, without header and blank ones
 * @param complete false when reading stopped before the end of the file; sending it again with the
 *     same key goes on
 */
public record ImportSummary(
    long imported, long repeated, long refused, long total, boolean complete) {}
