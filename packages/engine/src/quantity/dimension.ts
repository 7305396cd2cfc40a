/**
 * Dimensions as types: a record from base symbol to exponent. `USD per GPU-hour` is `{USD: 1, gpu: -1, s: -1}`.
 * Token kinds are dimensions of their own, so that a cost per output token never meets a cost per total token.
 */
export type Dims = { readonly [base: string]: Exponent };

export type Exponent = -4 | -3 | -2 | -1 | 0 | 1 | 2 | 3 | 4;

export const TOKEN_KINDS = ["input", "cached_input", "output", "reasoning", "total"] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

export const CURRENCIES = ["USD", "EUR", "GBP", "CNY", "JPY"] as const;
export type Currency = (typeof CURRENCIES)[number];

export type Dimensionless = Record<never, never>;

type Get<D, K> = K extends keyof D ? (D[K] extends Exponent ? D[K] : 0) : 0;

/** Exponent arithmetic by table; outside ±4 there is no such quantity here, and the result is `never`. */
interface Sums {
	[-4]: { [-4]: never; [-3]: never; [-2]: never; [-1]: never; 0: -4; 1: -3; 2: -2; 3: -1; 4: 0 };
	[-3]: { [-4]: never; [-3]: never; [-2]: never; [-1]: -4; 0: -3; 1: -2; 2: -1; 3: 0; 4: 1 };
	[-2]: { [-4]: never; [-3]: never; [-2]: -4; [-1]: -3; 0: -2; 1: -1; 2: 0; 3: 1; 4: 2 };
	[-1]: { [-4]: never; [-3]: -4; [-2]: -3; [-1]: -2; 0: -1; 1: 0; 2: 1; 3: 2; 4: 3 };
	0: { [-4]: -4; [-3]: -3; [-2]: -2; [-1]: -1; 0: 0; 1: 1; 2: 2; 3: 3; 4: 4 };
	1: { [-4]: -3; [-3]: -2; [-2]: -1; [-1]: 0; 0: 1; 1: 2; 2: 3; 3: 4; 4: never };
	2: { [-4]: -2; [-3]: -1; [-2]: 0; [-1]: 1; 0: 2; 1: 3; 2: 4; 3: never; 4: never };
	3: { [-4]: -1; [-3]: 0; [-2]: 1; [-1]: 2; 0: 3; 1: 4; 2: never; 3: never; 4: never };
	4: { [-4]: 0; [-3]: 1; [-2]: 2; [-1]: 3; 0: 4; 1: never; 2: never; 3: never; 4: never };
}
interface Negatives {
	[-4]: 4;
	[-3]: 3;
	[-2]: 2;
	[-1]: 1;
	0: 0;
	1: -1;
	2: -2;
	3: -3;
	4: -4;
}

/** Dimensions of `a × b`. */
export type Product<A extends Dims, B extends Dims> = {
	readonly [K in keyof A | keyof B as Sums[Get<A, K>][Get<B, K>] extends 0 ? never : K]: Sums[Get<A, K>][Get<B, K>];
};

/** Dimensions of `1 / a`. */
export type Inverse<A extends Dims> = { readonly [K in keyof A]: Negatives[Get<A, K>] };

/** Dimensions of `a ÷ b`. */
export type Quotient<A extends Dims, B extends Dims> = Product<A, Inverse<B>>;

export function productDims(a: Dims, b: Dims, sign: 1 | -1 = 1): Dims {
	const result: Record<string, Exponent> = { ...a };
	for (const [base, exponent] of Object.entries(b)) {
		const sum = (result[base] ?? 0) + sign * exponent;
		if (sum === 0) delete result[base];
		else result[base] = sum as Exponent;
	}
	return result;
}

export function sameDims(a: Dims, b: Dims): boolean {
	const keys = Object.keys(a);
	return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

export function isDimensionless(dims: Dims): boolean {
	return Object.keys(dims).length === 0;
}

/** Text of a dimension in base units, in a fixed order: `USD/gpu/s`. For messages about a mismatch. */
export function dimsText(dims: Dims): string {
	const entries = Object.entries(dims).sort(([a], [b]) => (a < b ? -1 : 1));
	const over = entries.filter(([, e]) => e > 0).map(([base, e]) => (e === 1 ? base : `${base}^${e}`));
	const under = entries.filter(([, e]) => e < 0).map(([base, e]) => (e === -1 ? base : `${base}^${-e}`));
	if (over.length === 0 && under.length === 0) return "1";
	return [over.join("·") || "1", ...under].join("/");
}

/** The token kind a dimension carries, if it carries just one. */
export function tokenKindOf(dims: Dims): TokenKind | undefined {
	const kinds = TOKEN_KINDS.filter((kind) => dims[`tok:${kind}`] !== undefined);
	return kinds.length === 1 ? kinds[0] : undefined;
}

/** The currency a dimension carries, if it carries one. */
export function currencyOf(dims: Dims): Currency | undefined {
	return CURRENCIES.find((currency) => dims[currency] !== undefined);
}
