/** The address with the catalogue its numbers come from. */
export function linkWith(version: string | undefined): string {
	if (version === undefined || location.hash.includes("cat=")) return location.href;
	const hash = location.hash === "" ? "#start" : location.hash;
	const pair = `cat=${encodeURIComponent(version)}`;
	return new URL(`${hash}${hash.includes("?") ? "&" : "?"}${pair}`, location.href).href;
}
