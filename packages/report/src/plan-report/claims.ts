/** Headline claims of the industry, tested on the same rows and prices. */
import type { ClaimList } from "@farthing/answers";
import type { Verdict } from "@farthing/engine";
import { fill, fillCount, joined } from "../messages/fill.ts";
import type { Section, Text } from "../report-model.ts";
import { computed } from "../show-number.ts";
import type { Context } from "./source.ts";

export function claimsSection(context: Context): Section {
	const { messages, source } = context;
	const words = messages.claims;
	const { claims } = source.claims.result;
	if (claims.length === 0)
		return { id: "claims", heading: words.heading, blocks: [{ kind: "text", text: [words.none] }] };
	const counts = joined(verdictCounts(context), messages.list);
	const intro =
		claims.length === 1
			? [words.intro.one]
			: fillCount(words.intro, claims.length, computed(claims.length, ""), { counts });
	const table = {
		stacks: true,
		caption: [words.caption],
		columns: [
			{ heading: words.columns.claim, align: "start" },
			{ heading: words.columns.verdict, align: "start" },
			{ heading: words.columns.conditions, align: "start" },
		],
		rows: claims.map((claim) => claimRow(context, claim)),
	} as const;
	return {
		id: "claims",
		heading: words.heading,
		blocks: [
			{ kind: "text", text: intro },
			{ kind: "table", table },
		],
	};
}

const VERDICTS: readonly Verdict[] = ["holds", "conditional", "fails", "unverified"];

function verdictCounts({ messages, source }: Context): Text[] {
	const { claims } = source.claims.result;
	const words = messages.claims;
	return VERDICTS.flatMap((verdict) => {
		const count = claims.filter((claim) => claim.verdict === verdict).length;
		return count === 0 ? [] : [fillCount(words.verdictCounts[verdict], count, computed(count, ""))];
	});
}

function claimRow(
	{ messages }: Context,
	{ claim, id, origin, verdict, conditions }: ClaimList["claims"][number],
): Text[] {
	const words = messages.claims;
	const said = fill(words.origin, {
		who: { kind: "name", name: origin.who },
		date: { kind: "name", name: origin.date },
	});
	const lines: Text[] = [
		[{ kind: "name", name: claim }],
		[{ kind: "small", text: said }],
		[{ kind: "small", text: [{ kind: "code", code: id }] }],
	];
	const stated = conditions.map((condition): Text => [{ kind: "name", name: condition }]);
	return [
		[{ kind: "lines", lines }],
		[{ kind: "verdict", verdict, words: words.verdicts[verdict] }],
		stated.length === 0 ? [words.noConditions] : [{ kind: "lines", lines: stated }],
	];
}
