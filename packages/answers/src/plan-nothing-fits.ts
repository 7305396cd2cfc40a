/** No deployment can serve a scenario: why, and what to loosen. */
import { FarthingError } from "./farthing-error.ts";
import type { Candidates } from "./plan-candidates.ts";
import type { MostWithin } from "./plan-most.ts";
import { mostWords } from "./plan-most.ts";
import type { Unranked } from "./ranking.ts";
import { summedUnranked } from "./ranking.ts";

export function nothingFits({ missed, unranked, considered, model }: Candidates, most?: MostWithin): FarthingError {
	const limits = Object.entries(missed).map(([limit, count]) => `${count} miss ${limit}`);
	const left = summedUnranked(unranked).filter(({ code }) => !code.endsWith("-missed"));
	const rowsOf = (lines: readonly Unranked[]): number => lines.reduce((sum, { rows }) => sum + rows, 0);
	const large = unranked.filter(({ short_by }) => short_by !== undefined);
	const other = left.filter(({ code }) => !large.some((each) => each.code === code));
	const cannot = other.length === 0 ? [] : [`${rowsOf(other)} cannot be ranked`];
	const beyond = large.length === 0 ? [] : [`${rowsOf(large)} need more than the site has room for`];
	const why = [...limits, ...cannot, ...beyond].join(", ") || "no row matches the candidates";
	const whyChinese =
		[
			...Object.entries(missed).map(([limit, count]) => `${count} 行不满足 ${limit}`),
			...(other.length === 0 ? [] : [`${rowsOf(other)} 行无法排名`]),
			...(large.length === 0 ? [] : [`${rowsOf(large)} 行所需超过机房容量`]),
		].join("，") || "没有行符合候选条件";
	const nearest = nearestToRoom(large);
	const reasons = nearest === undefined ? [...new Set(other.map(({ reason }) => reason))].slice(0, 2) : [nearest];
	const isUnknown = other.some(({ code }) => code === "ttft-unknown");
	const accept = isUnknown
		? ", or rank rows without TTFT with slo.ttft_unknown: accept (--ttft-unknown accept), or with slo.ttft: any"
		: "";
	const wild = other.some(({ code }) => code === "limits-missed-under-traffic")
		? ", ask for a smaller share in traffic.within_limits"
		: "";
	const room =
		large.length === 0
			? ""
			: most === undefined
				? ", or raise limits: the least fleet of any has no room"
				: `, raise limits, or ask for less: ${mostWords(most)}`;
	const because = reasons.length === 0 ? "" : reasons.join("; ");
	const said = {
		en: `none of ${considered} measured rows of ${model} can serve this: ${why}${because === "" ? "" : ` (${because})`}`,
		zh: `${model} 的 ${considered} 行实测数据都不能满足：${whyChinese}${because === "" ? "" : `（${because}）`}`,
	};
	return new FarthingError(3, "nothing-fits", said, {
		expected:
			large.length === 0
				? { en: "at least one measured row that keeps every limit", zh: "至少一行满足所有限制的实测数据" }
				: { en: "a fleet within limits", zh: "不超过 limits 的集群" },
		hint: {
			en: `loosen slo or supply${wild}${accept}${room}`,
			zh: `放宽 slo 或 supply${wild === "" ? "" : "，或降低 traffic.within_limits 的比例"}${accept === "" ? "" : "，或用 slo.ttft_unknown: accept（--ttft-unknown accept）或 slo.ttft: any 把没有 TTFT 的行也排名"}${room === "" ? "" : "，或提高 limits"}`,
		},
		...(large.length === 0 ? {} : { field: "limits" }),
		changes: [
			...(isUnknown ? [{ "slo.ttft_unknown": "accept" }] : []),
			...(isUnknown || (missed["ttft"] ?? 0) > 0 ? [{ "slo.ttft": "any" }] : []),
		],
	});
}

/** The fleet that misses the site's room by the least, in words. */
function nearestToRoom(large: readonly Unranked[]): string | undefined {
	const by = ({ short_by }: Unranked): number => short_by?.value ?? Number.POSITIVE_INFINITY;
	const [first, ...rest] = large;
	if (first === undefined) return undefined;
	const { code } = first;
	const least = rest.filter((each) => each.code === code).reduce((a, b) => (by(b) < by(a) ? b : a), first);
	return `the nearest is ${least.row}: ${least.reason}`;
}
