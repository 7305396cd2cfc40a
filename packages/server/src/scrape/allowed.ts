/**
 * Where a scrape may go. A host is allowed by its name, or by an address that it has; what hands out secrets of a machine
 * to whoever asks from it (metadata services) and what is no host at all is never allowed, whatever the list says.
 */
import { BlockList, isIP } from "node:net";

export interface Allowed {
	/** `host` or `host:port`, in lower case. */
	readonly names: ReadonlySet<string>;
	readonly networks: BlockList;
}

/** Calls `fault` for an entry that is none. */
export function allowedOf(entries: readonly string[], fault: (entry: string) => never): Allowed {
	const names = new Set<string>();
	const networks = new BlockList();
	for (const entry of entries) {
		const [address = "", bits, ...more] = entry.split("/");
		const family = familyOf(address);
		if (bits !== undefined) {
			const most = family === "ipv6" ? 128 : 32;
			const length = /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
			if (family === undefined || more.length > 0 || !(length >= 1 && length <= most)) fault(entry);
			networks.addSubnet(address, length, family);
		} else if (family !== undefined) networks.addAddress(address, family);
		else if (/^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?(:\d{1,5})?$/i.test(entry)) names.add(entry.toLowerCase());
		else fault(entry);
	}
	return { names, networks };
}

/** Why a URL may not be scraped, as far as it says itself; its name is looked up when it is connected to. */
export function refusalOf(url: URL, allowed: Allowed): string | undefined {
	if (url.protocol !== "http:" && url.protocol !== "https:") return `${url.protocol} is neither http: nor https:`;
	if (url.username !== "" || url.password !== "") return "no name and password in a URL: use token_variable";
	const host = hostOf(url);
	if (isIP(host) !== 0) return addressRefusal(host, allowed, false);
	// Names that are known to lead to secrets, before anything is asked of a resolver.
	if (METADATA_NAMES.has(host)) return `${host} is a metadata service`;
	return undefined;
}

/** Why an address may not be connected to. `isNamed`: the host it belongs to is on the list by its name. */
export function addressRefusal(address: string, allowed: Allowed, isNamed: boolean): string | undefined {
	const family = familyOf(address);
	if (family === undefined) return `${address} is no address`;
	if (NEVER.check(address, family)) return `${address} is link-local, a metadata service or no host`;
	if (isNamed || allowed.networks.check(address, family)) return undefined;
	return `${address} is not in the list of what may be scraped`;
}

/** The host of a URL is on the list by its name. */
export function isNamed(url: URL, { names }: Allowed): boolean {
	const port = url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port;
	const host = hostOf(url);
	return names.has(host) || names.has(`${host}:${port}`);
}

/** Without the brackets of IPv6, and without the dot that ends a full name. */
export function hostOf(url: URL): string {
	return url.hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
}

function familyOf(address: string): "ipv4" | "ipv6" | undefined {
	const version = isIP(address);
	return version === 0 ? undefined : version === 4 ? "ipv4" : "ipv6";
}

const METADATA_NAMES: ReadonlySet<string> = new Set(["metadata", "metadata.google.internal", "instance-data"]);

const NEVER = new BlockList();
for (const [network, bits] of [
	["0.0.0.0", 8],
	["169.254.0.0", 16],
	["224.0.0.0", 4],
	["240.0.0.0", 4],
	["100.100.100.200", 32],
	["168.63.129.16", 32],
	["192.0.0.192", 32],
] as const)
	NEVER.addSubnet(network, bits, "ipv4");
for (const [network, bits] of [
	["::", 128],
	["fe80::", 10],
	["ff00::", 8],
	["fd00:ec2::", 32],
	["fd20:ce::", 32],
	["64:ff9b::", 96],
	["64:ff9b:1::", 48],
	["2002::", 16],
] as const)
	NEVER.addSubnet(network, bits, "ipv6");
