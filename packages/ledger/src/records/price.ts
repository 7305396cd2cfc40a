import type { Amount } from "./money.ts";
import {
	amountOf,
	fault,
	instantOf,
	label,
	members,
	oneOf,
	optional,
	truth,
	wholeNumber,
	type RecordShape,
} from "./record-shape.ts";
import { TOKEN_BUCKETS, type TokenBucket } from "./token-classes.ts";
import type { Count, Instant } from "./units.ts";

/** A price that holds for a time. */
export interface PriceRecord {
	/** Stable name of the line, so that a later record replaces it from its start on. */
	readonly id: string;
	readonly resource: PriceResource;
	/** Which bucket, for `api_token`. */
	readonly token_bucket?: TokenBucket;
	readonly amount: Amount;
	/** For how many units of the resource: 1,000,000 for a price per million tokens. */
	readonly per: Count;
	readonly selector: PriceSelector;
	/** Inclusive. */
	readonly valid_from: Instant;
	/** Exclusive; absent: until further notice. */
	readonly valid_to?: Instant;
	readonly basis: PriceBasis;
	/** True where energy is inside the price and must not be added again. */
	readonly includes_power: boolean;
	readonly provenance: string;
}

/** Units: a GPU-hour, a node-hour, a kWh, a GB moved, one licence for an hour, one token. */
export const PRICE_RESOURCES = ["gpu_hour", "node_hour", "kwh", "network_gb", "licence", "api_token"] as const;
export type PriceResource = (typeof PRICE_RESOURCES)[number];
export const PRICE_BASES = ["owned", "reserved", "on_demand", "spot", "list"] as const;
export type PriceBasis = (typeof PRICE_BASES)[number];

/** To what it applies; an absent member applies to all. */
export interface PriceSelector {
	readonly cluster?: string;
	readonly gpu_model?: string;
	readonly node?: string;
	readonly provider?: string;
	readonly model?: string;
	readonly tier?: string;
	/** Least prompt length in tokens from which it applies. */
	readonly context_from?: Count;
}

export const priceShape: RecordShape<PriceRecord> = members<PriceRecord>(
	"A price that holds for a time",
	{
		id: label("Stable name of the line"),
		resource: oneOf("What is paid for", PRICE_RESOURCES),
		token_bucket: optional(oneOf("Which tokens", TOKEN_BUCKETS)),
		amount: amountOf("Price of `per` units"),
		per: wholeNumber<Count>("For how many units", 1),
		selector: members<PriceSelector>("To what it applies", {
			cluster: optional(label("Cluster")),
			gpu_model: optional(label("Accelerator")),
			node: optional(label("Node")),
			provider: optional(label("Provider")),
			model: optional(label("Model")),
			tier: optional(label("Service tier")),
			context_from: optional(wholeNumber<Count>("Least prompt length in tokens")),
		}),
		valid_from: instantOf("Start, inclusive"),
		valid_to: optional(instantOf("End, exclusive")),
		basis: oneOf("How it was bought", PRICE_BASES),
		includes_power: truth("Energy is inside the price"),
		provenance: label("Source and date", 1024),
	},
	(price, path, issues) => {
		if (price.valid_to !== undefined && price.valid_to <= price.valid_from) {
			fault(issues, "contradiction", path, "valid_to is not after valid_from", "an end after the start");
		}
		if ((price.resource === "api_token") !== (price.token_bucket !== undefined)) {
			fault(issues, "contradiction", path, "token_bucket goes with api_token", "both or neither");
		}
	},
);
