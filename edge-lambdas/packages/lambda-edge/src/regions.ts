/** Where the regions are: latitude and longitude of the place that AWS names each after, to a degree. */
const PLACES: Record<string, [latitude: number, longitude: number]> = {
  "af-south-1": [-34, 18],
  "ap-east-1": [22, 114],
  "ap-east-2": [25, 122],
  "ap-northeast-1": [36, 140],
  "ap-northeast-2": [38, 127],
  "ap-northeast-3": [35, 136],
  "ap-south-1": [19, 73],
  "ap-south-2": [17, 78],
  "ap-southeast-1": [1, 104],
  "ap-southeast-2": [-34, 151],
  "ap-southeast-3": [-6, 107],
  "ap-southeast-4": [-38, 145],
  "ap-southeast-5": [3, 102],
  "ap-southeast-6": [-37, 175],
  "ap-southeast-7": [14, 101],
  "ca-central-1": [46, -74],
  "ca-west-1": [51, -114],
  "eu-central-1": [50, 9],
  "eu-central-2": [47, 9],
  "eu-north-1": [59, 18],
  "eu-south-1": [45, 9],
  "eu-south-2": [42, -1],
  "eu-west-1": [53, -6],
  "eu-west-2": [52, 0],
  "eu-west-3": [49, 2],
  "il-central-1": [32, 35],
  "me-central-1": [24, 54],
  "me-south-1": [26, 51],
  "mx-central-1": [21, -100],
  "sa-east-1": [-24, -47],
  "us-east-1": [39, -77],
  "us-east-2": [40, -83],
  "us-west-1": [37, -122],
  "us-west-2": [46, -119],
};

/** The replica that is nearest to the region as the crow flies; the first one where a place is not known. */
export function nearest(replicas: readonly string[], region = process.env.AWS_REGION ?? ""): string {
  const [first] = replicas;
  if (first === undefined) {
    throw new Error("No replica to choose from");
  }
  const distance = (replica: string) => (replica === region ? -1 : angle(PLACES[region], PLACES[replica]));
  return replicas.reduce((best, replica) => (distance(replica) < distance(best) ? replica : best), first);
}

/** Between two places, seen from the centre of the earth, in radians. */
function angle(from: [number, number] | undefined, to: [number, number] | undefined): number {
  if (from === undefined || to === undefined) {
    return Number.POSITIVE_INFINITY;
  }
  const [fromLatitude, fromLongitude, toLatitude, toLongitude] = [...from, ...to].map((d) => (d * Math.PI) / 180) as [
    number,
    number,
    number,
    number,
  ];
  const cosine =
    Math.sin(fromLatitude) * Math.sin(toLatitude) +
    Math.cos(fromLatitude) * Math.cos(toLatitude) * Math.cos(fromLongitude - toLongitude);
  return Math.acos(Math.min(1, Math.max(-1, cosine)));
}
