/** What a GPU-hour of a run costs: as asked, else as its publisher reckons, else as a rate card says. */
import type { TrainingRun } from "@farthing/catalogue";
import type { Expr, GpuTime, Money, UsdPerGpuHour } from "@farthing/engine";
import { impliedRate, usd, usdPerGpuHour } from "@farthing/engine";
import { FarthingError } from "../farthing-error.ts";
import { givenRate } from "../price.ts";
import { rateBook } from "../rates.ts";
import type { TrainContext } from "./facts.ts";
import { figureOf } from "./facts.ts";
import type { RateQuestion } from "./question.ts";

export interface PublishedPrice {
	/** Price of a GPU-hour that a published cost stands for. */
	readonly implied?: Expr<UsdPerGpuHour>;
	readonly cost?: Expr<Money<"USD">>;
	readonly rate?: Expr<UsdPerGpuHour>;
}

/** What the publisher says of money. */
export function publishedPrice(context: TrainContext, run: TrainingRun, gpuHours: Expr<GpuTime>): PublishedPrice {
	const { publishedCost, publishedGpuHour, id } = run;
	const at = (member: string): string => `training-runs/${id}/${member}`;
	const rate =
		publishedGpuHour &&
		figureOf(
			context,
			"rate.published",
			usdPerGpuHour,
			publishedGpuHour,
			"price of a GPU-hour, as published",
			at("publishedGpuHour"),
		);
	if (publishedCost === undefined) return rate === undefined ? {} : { rate };
	const cost = figureOf(
		context,
		"published_cost",
		usd,
		publishedCost,
		"cost of the run, as published",
		at("publishedCost"),
	);
	const implied = impliedRate("", cost, gpuHours);
	return { cost, implied, rate: rate ?? implied };
}

/** Undefined where nobody prices the part, and nobody asked for a price in particular. */
export function rateOf(
	context: TrainContext,
	asked: RateQuestion | undefined,
	published: Expr<UsdPerGpuHour> | undefined,
	fallback: RateQuestion,
	hardware: string | undefined,
): Expr<UsdPerGpuHour> | undefined {
	if (asked !== undefined) return rateOfQuestion(context, asked, hardware);
	if (published === undefined) return rateOfQuestion(context, fallback, hardware);
	const message =
		"priced as its publisher reckons it; --card and --tier price it by a rate card, --gpu-hour as you say";
	context.warnings.push({ code: "published-price", message });
	return published;
}

function rateOfQuestion(
	context: TrainContext,
	question: RateQuestion,
	hardware: string | undefined,
): Expr<UsdPerGpuHour> | undefined {
	if (question.kind === "given") return givenRate(question.value, context.asOf);
	if (hardware === undefined) {
		if (question.asked)
			throw new FarthingError(2, "missing-field", "a rate card prices a part", {
				field: "--hardware",
				expected: "the id of a part",
			});
		context.unknown["cost"] = "neither a price of a GPU-hour nor a part is known";
		return undefined;
	}
	const book = rateBook(context.catalogue, question.cost, context.asOf);
	const answer = book.rateOf(hardware);
	if (!answer.known) {
		if (question.asked) {
			throw new FarthingError(3, "no-rate", answer.reason, {
				field: "--gpu-hour",
				expected: "a price of your own",
				hint: "farthing catalog list rate-cards",
			});
		}
		context.unknown["cost"] = `${answer.reason}; --gpu-hour prices it`;
		return undefined;
	}
	context.warnings.push(...book.warnings());
	if (!question.asked) {
		context.defaults.push({
			path: "--gpu-hour",
			value: book.describe,
			source: "the rate card in force, for whom nothing else is said",
		});
	}
	return answer.rate;
}
