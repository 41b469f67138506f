import { BlockList, isIP } from "node:net";

export interface Network {
  address: string;
  prefix: number;
  family: "ipv4" | "ipv6";
}

/** An address range in CIDR notation, or undefined when it is none. */
export function network(cidr: string): Network | undefined {
  const [address = "", bits = "", ...rest] = cidr.split("/");
  const version = isIP(address);
  const prefix = Number(bits);
  const valid = version !== 0 && rest.length === 0 && /^\d{1,3}$/.test(bits) && prefix <= (version === 4 ? 32 : 128);
  return valid ? { address, prefix, family: version === 4 ? "ipv4" : "ipv6" } : undefined;
}

/** Whether an address is in one of the networks. */
export function addressIn(cidrs: string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const found of cidrs.map(network)) {
    if (found !== undefined) {
      list.addSubnet(found.address, found.prefix, found.family);
    }
  }
  return (address) => list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}
