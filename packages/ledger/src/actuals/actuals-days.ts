/** Cost and tokens of each day of a window, and of each seven days. */
import type { QuantityJson } from "@farthing/engine";
import { quantiles } from "@farthing/engine";
import type { UsedWork } from "../attribution/attribute.ts";
import { linesBy } from "../attribution/line-sums.ts";
import type { Span } from "../attribution/spans.ts";
import { shareWithin } from "../attribution/spans.ts";
import type { Amount } from "../records/money.ts";
import type { TokenCount } from "../records/units.ts";
import { formatInstant } from "../records/units.ts";
import type { ActualDay } from "./actuals.ts";
import { isKnownDay } from "./actuals.ts";
import type { ActualsResult, DayJson, WeekJson } from "./actuals-json.ts";
import { byTokens } from "./actuals-rows.ts";
import type { Shower, Tokens } from "./quantities-of-actuals.ts";
import { asExplained, deliveredOf, standingOf, unknownMoney } from "./quantities-of-actuals.ts";
import { addTokens } from "./used-work.ts";

export function daysAndWeeks(
	of: readonly ActualDay[],
	work: WorkOfDays,
	show: Shower,
): Pick<ActualsResult, "days" | "weeks"> {
	const days = of.map((day) => dayOf(day, work, show));
	const starts = days.flatMap((_, i) => (i % 7 === 0 ? [i] : []));
	return {
		days,
		weeks: starts.map((start) => weekOf(days.slice(start, start + 7), of.slice(start, start + 7), work, show)),
	};
}

/** What was served, and the part of it that a charge reaches. */
export interface WorkOfDays {
	readonly used: readonly UsedWork[];
	readonly charged: readonly UsedWork[];
	/** The law of GPU time has a part in what input and output cost, and nobody measured it. */
	readonly byModel: boolean;
	/** False where no charge reaches any model: then `charged` is all that was served. */
	readonly isAttributed: boolean;
}

function weekOf(days: readonly DayJson[], of: readonly ActualDay[], work: WorkOfDays, show: Shower): WeekJson {
	const currency = of[0]?.total.currency ?? "";
	const total = { currency, nano: of.reduce((sum, day) => sum + day.total.nano, 0n) };
	// Tokens of days without a cost on record have no part in what a token cost.
	const tokens = days.reduce(
		(sum, day) => sum + (day.cost.value === undefined ? 0 : ((day.priced_tokens ?? day.tokens).value ?? 0)),
		0,
	);
	const costs = Float64Array.from(days.flatMap(({ unit_cost }) => unit_cost?.value ?? []));
	const week = {
		from: days[0]?.day ?? "",
		to: days.at(-1)?.day ?? "",
		cost: of.some(isKnownDay) ? show.money(total) : unknownMoney(currency),
	};
	if (tokens < 1) return week;
	const [p10, p90] = quantiles(costs, [0.1, 0.9]) as [number, number];
	return {
		...week,
		unit_cost: { ...show.unitCost(total, tokens, "total", false), ...perToken(total, work, show), p10, p90 },
	};
}

function dayOf(day: ActualDay, work: WorkOfDays, show: Shower): DayJson {
	const { from, total, lines } = day;
	const { used, charged } = work;
	const isKnown = isKnownDay(day);
	const own = within(used, day);
	const priced = charged === used ? own : within(charged, day);
	const [all, tokens] = [deliveredOf(own), deliveredOf(priced)];
	const [serving] = linesBy(
		lines.filter(({ kind }) => kind === "serving"),
		[],
	);
	const count = (n: number): DayJson["tokens"] => ({ value: Math.round(n), unit: "tok", tokens: "total", grade: "A" });
	return {
		day: formatInstant(from).slice(0, 10),
		cost: isKnown ? show.money(total) : unknownMoney(total.currency),
		tokens: count(all),
		...(tokens === all ? {} : { priced_tokens: count(tokens) }),
		...(tokens < 1 || !isKnown
			? {}
			: { unit_cost: { ...show.unitCost(total, tokens, "total", false), ...perToken(total, work, show) } }),
		...(serving === undefined ? {} : byTokens(serving, priced, show, work.byModel)),
	};
}

/** Of a cost that reaches no model nothing says that tokens caused it. */
function perToken(total: Amount, { isAttributed }: WorkOfDays, show: Shower): Partial<QuantityJson> {
	return standingOf(asExplained(show.money(total), isAttributed ? 1 : 0));
}

function within(used: readonly UsedWork[], { from, to }: Span): Tokens {
	return used
		.filter((each) => shareWithin(each, { from, to }) > 0)
		.reduce<Tokens>((sum, each) => addTokens(sum, partOf(each, { from, to })), {});
}

/** What falls into a span, by time. */
function partOf(work: UsedWork, span: Span): Tokens {
	const share = shareWithin(work, span);
	return Object.fromEntries(
		Object.entries(work.tokens).map(([bucket, count]) => [bucket, (share * count) as TokenCount]),
	);
}
