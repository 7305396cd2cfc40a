/** A number of an answer: value, range and grade. With a node it opens into the tree under it. */
import type { Grade, QuantityJson } from "@farthing/engine";
import { worstGrade } from "@farthing/engine";
import type { ReactNode } from "react";
import { openWhy, useAppState } from "../state/store.ts";
import { type Say, useWords } from "../words/words.ts";
import { type Conversion, useConversion } from "./conversion.ts";
import { GradeBadge } from "./grade-badge.tsx";
import { gradeMeaning } from "./grade-words.ts";
import { billedInCents, moneyInCents } from "./money-in-cents.ts";
import { isMoney, shownQuantity } from "./show-quantity.ts";
import { timeRange } from "./time-range.ts";

export interface QuantityProps {
	readonly of: QuantityJson | undefined;
	/** Kind of the question that the number answers; `plan` unless told. */
	readonly kind?: string;
	readonly size?: "inline" | "large" | "hero";
	readonly showsRange?: boolean;
	readonly showsGrade?: boolean;
	/** Month of a value that changes by month. */
	readonly month?: number;
	/** An amount of money, written in cents; `own`: in its own currency, as a bill has it. */
	readonly cents?: "shown" | "own";
}

export function Quantity({
	of,
	kind = "plan",
	size = "inline",
	showsRange = false,
	showsGrade = false,
	month,
	cents,
}: QuantityProps): ReactNode {
	const say = useWords("common");
	const { display } = useAppState();
	const { grade, rate } = useEvidence(of, cents !== "own");
	if (of === undefined) return <span className="quantity quantity-none">–</span>;
	const shown = shownQuantity(of, display);
	const inWords = showsRange ? timeRange(of, display, say) : undefined;
	const range = showsRange ? (inWords ?? shown?.range) : undefined;
	const { node, value = 0, unit } = of;
	if (shown === undefined)
		return (
			<span className="quantity">
				<span className="quantity-none">{say.named("state.", of.state ?? "unknown")}</span>
				{range === undefined ? null : (
					<QuantityRange node={node} kind={kind} range={range} isInWords={inWords !== undefined} />
				)}
			</span>
		);
	const written =
		cents === undefined
			? shown.text
			: cents === "own"
				? billedInCents(value, unit)
				: moneyInCents(value, unit, display);
	const title = [describedQuantity({ ...of, ...(grade === undefined ? {} : { grade }) }, say), rate]
		.filter((each) => each !== undefined && each !== "")
		.join(" · ");
	const text = <data value={of.value}>{written}</data>;
	return (
		<span className={`quantity quantity-${size}`}>
			{node === undefined ? (
				<span className="quantity-value" title={title}>
					{text}
				</span>
			) : (
				<button
					type="button"
					className="quantity-value quantity-open"
					title={title}
					aria-label={say("quantity.why", { value: written })}
					data-node={node}
					data-kind={kind}
					data-value={of.value}
					onClick={() => openWhy({ kind, node, ...(month === undefined ? {} : { month }) })}
				>
					{text}
				</button>
			)}
			{range === undefined ? null : (
				<QuantityRange node={node} kind={kind} range={range} isInWords={inWords !== undefined} />
			)}
			{showsGrade ? <GradeBadge grade={grade} state={of.state} because={rate} /> : null}
		</span>
	);
}

/** Grade as the number is shown: an amount in another currency rests on its rate too, which is then told. */
export function useEvidence(
	of: Pick<QuantityJson, "grade" | "unit"> | undefined,
	isConverted = true,
): { readonly grade: Grade | undefined; readonly rate: string | undefined } {
	const say = useWords("common");
	const conversion = useConversion();
	if (of === undefined || conversion === undefined || !isConverted || !isMoney(of.unit))
		return { grade: of?.grade, rate: undefined };
	const grade = of.grade === undefined ? undefined : worstGrade([of.grade, conversion.grade]);
	return { grade, rate: rateText(conversion, say) };
}

/** `EUR at 0.871384 for 1 USD of 2026-03-13, European Central Bank`. */
export function rateText({ currency: { code, perDollar, date }, rate }: Conversion, say: Say<"common">): string {
	const values = { code, rate: perDollar, date };
	return rate === undefined
		? say("quantity.rateTyped", values)
		: say("quantity.rateSourced", { ...values, publisher: rate.source.publisher });
}

function QuantityRange({
	node,
	kind,
	range,
	isInWords,
}: {
	readonly node: string | undefined;
	readonly kind: string;
	readonly range: string;
	/** A sentence, which is broken where a number is not. */
	readonly isInWords: boolean;
}): ReactNode {
	const className = `quantity-range${isInWords ? " quantity-range-words" : ""}`;
	const say = useWords("common");
	const title = say("quantity.range", { range });
	if (node === undefined) {
		return (
			<span className={className} title={title}>
				{range}
			</span>
		);
	}
	return (
		<button
			type="button"
			className={`${className} quantity-open`}
			title={title}
			aria-label={say("quantity.whyRange", { range })}
			data-node={node}
			data-kind={kind}
			onClick={() => openWhy({ kind, node })}
		>
			{range}
		</button>
	);
}

/** Token kind, basis, dates and evidence in one line. */
export function describedQuantity(of: QuantityJson, say: Say<"common">): string {
	const { tokens, basis, grade, as_of: asOf, currency_date: priced } = of;
	return [
		tokens === undefined ? undefined : say.named("tokens.", tokens),
		basis === undefined ? undefined : say.named("basis.", basis),
		grade === undefined
			? undefined
			: say("grade.label", { grade, meaning: gradeMeaning({ grade, state: of.state }, say) }),
		asOf === undefined ? undefined : say("quantity.asOf", { date: asOf }),
		priced === undefined ? undefined : say("quantity.prices", { date: priced }),
	]
		.filter((each) => each !== undefined)
		.join(" · ");
}
