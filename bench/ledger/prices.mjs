// A price list of 25 models with a change in the middle of the time, for the benches.
const NAMES = Array.from({ length: 25 }, (_, i) => `model-${i}`);

/** Prices per million tokens of each model and bucket, and the instants at which they change. */
export function priceList(start, end) {
	const middle = start + Math.floor((end - start) / 2) + 12_345_678;
	const records = NAMES.flatMap((model, i) =>
		["input", "cached_input", "output", "reasoning"].flatMap((bucket, j) =>
			[start, middle].map((from, k) => ({
				id: `${model}-${bucket}`,
				resource: "api_token",
				token_bucket: bucket,
				amount: { currency: "USD", nano: BigInt(100_000_000 * (1 + i + 10 * j + k)) },
				per: 1_000_000,
				selector: { model },
				valid_from: from,
				basis: "list",
				includes_power: true,
				provenance: "bench",
			})),
		),
	);
	return { records, edges: [middle] };
}

export function tokenPrices(records) {
	return records.filter(({ resource }) => resource === "api_token").length;
}
