/** Why a way cannot be priced: what is missing, and the member of the scenario that would give it. */
export interface WhyUnpriced {
	readonly code:
		| "not-asked-for"
		| "no-capital-price"
		| "no-power"
		| "no-successor"
		| "no-rent"
		| "rate-of-an-owner"
		| "no-api-price";
	/** Part or model that something is not known of. */
	readonly of?: string;
	/** Part that the successor is of. */
	readonly after?: string;
	/** Rates that a rent was looked for in. */
	readonly rates?: string;
	/** What else is known of why. */
	readonly because?: string;
	/** Member of the scenario that gives what is missing. */
	readonly member?: string;
	/** Of a hybrid: what of it cannot be priced. */
	readonly part?: "base" | "burst" | "overflow";
	/** Where several models share the demand: the one that it is of. */
	readonly model?: string;
}

/** In place of a price: an expression has no such member. */
export interface Unpriced {
	readonly unpriced: WhyUnpriced;
}

export function unpriced(why: WhyUnpriced): Unpriced {
	return { unpriced: why };
}

export function isUnpriced<T extends object>(of: T | Unpriced): of is Unpriced {
	return "unpriced" in of;
}

/** In a sentence of English, as the command line and reports have it. */
export function reasonText({ model, part, ...why }: WhyUnpriced): string {
	const ofModel = model === undefined ? "" : `${model}: `;
	const ofPart = part === undefined ? "" : `its ${part} cannot be priced: `;
	return `${ofModel}${ofPart}${missingText(why)}`;
}

function missingText({ code, of, after, rates, because, member }: WhyUnpriced): string {
	switch (code) {
		case "not-asked-for":
			return "the scenario says nothing about it";
		case "no-capital-price":
			return `no price of ${of} is known: give ${member}, or a set of assumptions that has it`;
		case "no-power":
			return `no power of ${of} is known: give ${member}`;
		case "no-successor":
			return `no measured row of ${of} keeps the limits: it cannot follow ${after}`;
		case "no-rent":
			return `no rent of ${of} is known: ${because}`;
		case "rate-of-an-owner":
			return `cost: is what an owner pays (${rates}), not a rent: give ${member}`;
		case "no-api-price":
			return `no host's API price of ${of} in the catalogue: give ${member}`;
	}
}
