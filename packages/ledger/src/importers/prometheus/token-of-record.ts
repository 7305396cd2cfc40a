/**
 * Tokens that several counters saw are counted once: per model, the frontend or gateway is believed before the router,
 * and the router before the engines. Engines of a split deployment count the prompt twice: input is taken from those
 * that prefill, output from those that decode.
 */
import type { TokenClasses } from "../../records/token-classes.ts";
import { tokenCount } from "../../records/units.ts";
import type { Metered } from "./meter.ts";

export interface Counted {
	/** Tokens of record of one model. */
	readonly model: string;
	readonly from: Metered["profile"]["counts"];
	readonly counted: readonly CountedPart[];
	/** Others that counted the same, and by how much their tokens differ: +0.01 is 1% more. */
	readonly others: readonly { readonly from: string; readonly input?: number; readonly output?: number }[];
}

export interface CountedPart {
	readonly metered: Metered;
	/** Those tokens of `metered` that count. */
	readonly tokens: TokenClasses;
	readonly requests: boolean;
}

const ORDER = ["gateway", "frontend", "router", "engine"] as const;
export const WITHIN = 0.01;

export function tokensOfRecord(metered: readonly Metered[]): Counted[] {
	const models = new Map<string, Metered[]>();
	for (const each of metered) {
		const key = each.model.toLowerCase();
		models.set(key, [...(models.get(key) ?? []), each]);
	}
	return [...models.values()].map(countedOf);
}

function countedOf(all: readonly Metered[]): Counted {
	const believed =
		ORDER.find((from) => all.some((each) => each.profile.counts === from && countsTokens(each))) ?? "engine";
	const own = all.filter(({ profile }) => profile.counts === believed);
	const rest = all.filter(({ profile }) => profile.counts !== believed);
	const parts = own.map((each) => partOf(each, own));
	const others = ORDER.filter((from) => from !== believed && rest.some(({ profile }) => profile.counts === from)).map(
		(from) => {
			const group = rest.filter(({ profile }) => profile.counts === from);
			return {
				from,
				...differences(
					parts,
					group.map((each) => partOf(each, group)),
				),
			};
		},
	);
	return { model: all[0]?.model ?? "unknown", from: believed, counted: withSplit(parts, rest), others };
}

function countsTokens({ tokens, requests }: Metered): boolean {
	return tokens.in_total !== undefined || tokens.out_total !== undefined || requests.finished !== undefined;
}

function partOf(metered: Metered, siblings: readonly Metered[]): CountedPart {
	const { tokens, role } = metered;
	const isSplit = siblings.some((each) => each.role === "prefill") && siblings.some((each) => each.role === "decode");
	if (!isSplit || role === "agg") return { metered, tokens, requests: true };
	const { out_total, out_reasoning, draft_proposed, draft_accepted, ...input } = tokens;
	if (role === "prefill") return { metered, tokens: input, requests: false };
	const output = { out_total, out_reasoning, draft_proposed, draft_accepted };
	const known = Object.fromEntries(Object.entries(output).filter(([, n]) => n !== undefined)) as TokenClasses;
	return { metered, tokens: known, requests: true };
}

/** Where a frontend does not say what was cached and the engines behind it do, for the same prompts, they are asked. */
function withSplit(parts: readonly CountedPart[], rest: readonly Metered[]): CountedPart[] {
	const engines = rest.filter(({ profile, splitsInput }) => profile.counts === "engine" && splitsInput);
	const input = sumOf(parts, "in_total");
	const group = engines.map((each) => partOf(each, engines));
	const known = sumOf(group, "in_total");
	const [only, ...more] = parts;
	const fits = input !== undefined && known !== undefined && known > 0 && Math.abs(known / input - 1) <= WITHIN;
	if (only === undefined || more.length > 0 || only.metered.splitsInput || !fits) return [...parts];
	const computed = Math.round((input * (sumOf(group, "in_computed") ?? 0)) / known);
	const cached = input - computed;
	return [
		{
			...only,
			tokens: {
				...only.tokens,
				in_computed: tokenCount(computed),
				in_cached_local: tokenCount(cached),
				in_cached_remote: tokenCount(0),
				in_transferred: tokenCount(0),
			},
		},
	];
}

function differences(
	parts: readonly CountedPart[],
	group: readonly CountedPart[],
): { input?: number; output?: number } {
	const input = ratioOf(sumOf(group, "in_total"), sumOf(parts, "in_total"));
	const output = ratioOf(sumOf(group, "out_total"), sumOf(parts, "out_total"));
	return { ...(input === undefined ? {} : { input }), ...(output === undefined ? {} : { output }) };
}

function ratioOf(theirs: number | undefined, ours: number | undefined): number | undefined {
	return theirs === undefined || ours === undefined || ours === 0 ? undefined : theirs / ours - 1;
}

export function sumOf(parts: readonly CountedPart[], name: keyof TokenClasses): number | undefined {
	const known = parts.flatMap(({ tokens }) => tokens[name] ?? []);
	return known.length === 0 ? undefined : known.reduce((sum, n) => sum + n, 0);
}
