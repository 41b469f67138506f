// This module also runs in CloudFront Functions, whose JavaScript knows no destructuring, no spread and no for-of.

/**
 * The only widths that are made, in CSS pixels times the device's pixel ratio: a small phone, a phone, a large phone or a
 * card, a link preview (1200 x 630), a desktop. With free ones anybody could fill the bucket and the bill.
 */
export const WIDTHS: readonly number[] = [320, 640, 960, 1200, 1920];

const LARGEST = 1920;

/** The next larger one of the list; the largest where nothing, nonsense or more is asked for. */
export function allowedWidth(wanted: string | undefined): number {
  if (wanted === undefined || !/^[0-9]{1,5}$/.test(wanted) || Number(wanted) === 0) {
    return LARGEST;
  }
  const width = Number(wanted);
  return WIDTHS.find((allowed) => allowed >= width) ?? LARGEST;
}
