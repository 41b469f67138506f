import type { Metadata, Sharp, SharpConstructor } from "sharp";

export type Format = "avif" | "webp" | "jpeg";

/** The picture cannot be made into a thumbnail, and must not be shown as it is either. */
export class UnusableError extends Error {
  override readonly name = "UnusableError";
}

/** Of the original, in bytes: far above any photograph for the web, and held in memory together with its pixels. */
export const MAX_BYTES = 20_000_000;

/** Width times height: a phone's largest ordinary photograph has 50 million, and 4 bytes each fit into the function's memory. */
const MAX_PIXELS = 50_000_000;

/** A narrow strip would else become a picture of any height. */
const MAX_HEIGHT_PER_WIDTH = 3;

/** What browsers draw and nothing can be hidden in that runs: no SVG, no PDF. */
const FORMATS: readonly string[] = ["jpeg", "png", "webp", "gif", "heif"];

const ENCODERS: Record<Format, (picture: Sharp) => Sharp> = {
  // A higher effort takes seconds on the processor that 1 GB of memory comes with, for 5 to 10 % fewer bytes.
  avif: (picture) => picture.avif({ quality: 50, effort: 2 }),
  webp: (picture) => picture.webp({ quality: 75 }),
  // JPEG has no transparency.
  jpeg: (picture) => picture.flatten({ background: "#fff" }).jpeg({ quality: 78, mozjpeg: true }),
};

/**
 * The picture in this width, or in its own where that is smaller: turned as its camera was held, in sRGB, without any
 * metadata. Of an animation its first frame.
 *
 * @throws UnusableError where it is no picture, or too large a one
 * @throws Error where it is damaged, or takes longer than so many seconds
 */
export async function draw(original: Buffer, width: number, format: Format, seconds: number): Promise<Buffer> {
  const { picture, metadata } = await read(original);
  if (!FORMATS.includes(metadata.format)) {
    throw new UnusableError(`a picture of the type ${metadata.format}`);
  }
  if (metadata.width * metadata.height > MAX_PIXELS) {
    throw new UnusableError(`a picture of ${metadata.width} x ${metadata.height} pixels`);
  }
  const resized = picture
    .autoOrient()
    .resize({ width, height: width * MAX_HEIGHT_PER_WIDTH, fit: "inside", withoutEnlargement: true });
  return ENCODERS[format](resized).timeout({ seconds }).toBuffer();
}

async function read(original: Buffer): Promise<{ picture: Sharp; metadata: Metadata }> {
  const sharp = await decoder();
  try {
    const picture = sharp(original, { limitInputPixels: MAX_PIXELS, failOn: "error", pages: 1, sequentialRead: true });
    return { picture, metadata: await picture.metadata() };
  } catch (error) {
    throw new UnusableError(`no picture: ${error instanceof Error ? error.message : error}`);
  }
}

/** Loaded when the first picture is made: most requests find theirs in the bucket. */
let loaded: Promise<SharpConstructor> | undefined;

function decoder(): Promise<SharpConstructor> {
  loaded ??= import("sharp").then(({ default: sharp }) => {
    // Each picture is made once, so that nothing is worth keeping.
    sharp.cache(false);
    sharp.block({ operation: ["VipsForeignLoad"] });
    sharp.unblock({
      operation: [
        "VipsForeignLoadJpegBuffer",
        "VipsForeignLoadPngBuffer",
        "VipsForeignLoadWebpBuffer",
        "VipsForeignLoadNsgifBuffer",
        "VipsForeignLoadHeifBuffer",
      ],
    });
    return sharp;
  });
  return loaded;
}
