/**
 * Draws the pictures in data/images: `npm run samples -w @backline/thumbnail`. They are ours, since nobody else's may be
 * published here, and stand for what people upload: one lies on its side with an EXIF orientation and a place, one is
 * upright, one is transparent.
 */
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import sharp, { type Sharp } from "sharp";

const directory = join(import.meta.dirname, "../../../../data/images");

/** The same numbers in each run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

interface Scene {
  width: number;
  height: number;
  seed: number;
  sky: [top: string, middle: string, bottom: string];
  lights: string[];
  crowd: string;
}

/** A stage in the evening: the sky, a low sun, beams of light, a crowd before it. */
function stage({ width, height, seed, sky, lights, crowd }: Scene): string {
  const random = numbers(seed);
  const ground = height * 0.72;
  const beams = lights.flatMap((colour, index) =>
    [0, 1].map((turn) => {
      const from = width * ((index + 0.5) / lights.length);
      const to = from + (random() - 0.5) * width * 0.9 + turn * 60;
      const spread = width * (0.04 + random() * 0.06);
      return `<polygon points="${from},${ground} ${to - spread},0 ${to + spread},0" fill="${colour}" opacity="0.22"/>`;
    }),
  );
  const people = Array.from({ length: 90 }, (_, index) => {
    const row = Math.floor(index / 30);
    const size = (height / 34) * (1 + row * 0.35);
    const x = ((index % 30) / 29) * width + (random() - 0.5) * size;
    const y = height * (0.83 + row * 0.07) + random() * size;
    const arm =
      random() > 0.6
        ? `<rect x="${x + size * 0.8}" y="${y - size * 2.2}" width="${size * 0.35}" height="${size * 3}" rx="${size * 0.17}"/>`
        : "";
    return `<circle cx="${x}" cy="${y}" r="${size}"/><rect x="${x - size * 1.2}" y="${y + size * 0.8}" width="${size * 2.4}" height="${height}" rx="${size}"/>${arm}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs>
      <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
        <stop offset="0" stop-color="${sky[0]}"/><stop offset="0.6" stop-color="${sky[1]}"/><stop offset="1" stop-color="${sky[2]}"/>
      </linearGradient>
      <radialGradient id="sun"><stop offset="0" stop-color="#fff6d8"/><stop offset="0.35" stop-color="${sky[2]}" stop-opacity="0.8"/><stop offset="1" stop-color="${sky[2]}" stop-opacity="0"/></radialGradient>
    </defs>
    <rect width="100%" height="100%" fill="url(#sky)"/>
    <circle cx="${width * 0.62}" cy="${ground}" r="${height * 0.5}" fill="url(#sun)"/>
    ${beams.join("")}
    <rect x="${width * 0.12}" y="${ground - height * 0.02}" width="${width * 0.76}" height="${height * 0.05}" rx="8" fill="${crowd}"/>
    <g fill="${crowd}">${people.join("")}</g>
  </svg>`;
}

function draw(scene: Scene): Sharp {
  return sharp(Buffer.from(stage(scene)));
}

async function save(path: string, picture: Sharp): Promise<void> {
  const file = join(directory, path);
  mkdirSync(dirname(file), { recursive: true });
  const { width, height, size } = await picture.toFile(file);
  console.log(`${path}  ${width} x ${height}, ${size.toLocaleString("en")} bytes`);
}

await save(
  "spring/cover.jpg",
  draw({
    width: 2400,
    height: 1260,
    seed: 3,
    sky: ["#3a2f6b", "#d8577d", "#ffb36b"],
    lights: ["#ffe9a8", "#ff9ecf", "#9fd8ff", "#ffe9a8"],
    crowd: "#1d1330",
  }).jpeg({ quality: 82, mozjpeg: true }),
);

// As a phone that was held upright writes it: pixels on their side, the way up and the place in EXIF.
const upright = await draw({
  width: 1500,
  height: 2000,
  seed: 8,
  sky: ["#031425", "#0c4a6e", "#22a6b3"],
  lights: ["#7df9ff", "#b388ff", "#7df9ff"],
  crowd: "#020b14",
})
  .png()
  .toBuffer();
await save(
  "night/phone.jpg",
  sharp(await sharp(upright).rotate(270).toBuffer())
    .withExif({ IFD0: { Make: "Telephone" }, IFD3: { GPSLatitudeRef: "N", GPSLatitude: "37/1 33/1 0/1" } })
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 82, mozjpeg: true }),
);

await save(
  "winter/poster.jpg",
  draw({
    width: 1200,
    height: 1800,
    seed: 21,
    sky: ["#0b132b", "#3a506b", "#c9d6df"],
    lights: ["#ffffff", "#cfe8ff"],
    crowd: "#0a0f1f",
  }).jpeg({ quality: 82, mozjpeg: true }),
);

await save(
  "hall/sign.png",
  sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="800" height="800">
      <circle cx="400" cy="400" r="360" fill="#d8577d"/>
      <path d="M300 560 V250 L560 190 V500" fill="none" stroke="#fff" stroke-width="44" stroke-linejoin="round"/>
      <ellipse cx="245" cy="565" rx="75" ry="55" fill="#fff"/><ellipse cx="505" cy="505" rx="75" ry="55" fill="#fff"/>
    </svg>`),
  ).png({ palette: true, compressionLevel: 9 }),
);
