/** A saved result of `farthing plan` as the plan side of a variance: the option that was chosen, over the days of the window. */
import type { VarianceModelSide } from "@farthing/engine";
import { MICROS_PER_DAY, MICROS_PER_SECOND } from "../records/units.ts";
import type { Span } from "../attribution/spans.ts";
import { ActualsError } from "./actuals-error.ts";

export interface PlanOfModel {
	readonly model: string;
	/** Result and option it comes from. */
	readonly source: string;
	/** Day that its prices were counted at. */
	readonly asOf: string;
	/** In the plan's currency, at a rate of 1. */
	readonly side: VarianceModelSide;
	readonly currency: string;
	/** Per million tokens of input and output alike. */
	readonly delivered: number;
	/** At full load, where the plan says it. */
	readonly headline?: number;
}

/** Plans one model; `rank` is that of the option, 1 unless said. Throws `not-a-plan`, `bad-plan`. */
export function planOfModel(saved: unknown, window: Span, rank = 1): PlanOfModel {
	const result = member(saved, "result");
	if (member(saved, "schema") !== "farthing/1" || member(saved, "command") !== "plan") {
		throw new ActualsError(
			"not-a-plan",
			"that is no saved result of farthing plan",
			"farthing plan SCENARIO -o plan.json",
		);
	}
	const options = member(result, "options");
	const option = Array.isArray(options) ? options.find((each) => member(each, "rank") === rank) : undefined;
	if (option === undefined) throw new ActualsError("bad-plan", `the plan has no option of rank ${rank}`);
	const perDay = number(member(member(result, "question"), "tokens"), "question.tokens");
	const delivered = member(option, "delivered");
	const perMtok = number(delivered, "delivered");
	const headline = member(member(option, "headline"), "value");
	const utilisation = number(member(option, "utilization"), "utilization");
	const speed = plain(
		member(member(option, "deployment"), "tokens_per_gpu_second"),
		"deployment.tokens_per_gpu_second",
	);
	const gpus = plain(member(option, "gpus"), "gpus");
	const span = window.to - window.from;
	const tokens = (perDay * span) / MICROS_PER_DAY;
	const gpuSeconds = (gpus * span) / MICROS_PER_SECOND;
	if (!(tokens > 0 && gpuSeconds > 0 && utilisation > 0 && speed > 0)) {
		throw new ActualsError("bad-plan", "the plan serves no tokens");
	}
	return {
		model: String(member(result, "model")),
		source: `${String(member(saved, "id"))}, option ${rank}: ${String(member(option, "id"))}`,
		asOf: String(member(saved, "as_of")),
		currency: String(member(delivered, "unit")).split("/")[0] ?? "USD",
		delivered: perMtok,
		...(typeof headline === "number" ? { headline } : {}),
		side: {
			tokens,
			gpuSecondsPerToken: 1 / speed,
			// Of the GPUs that the plan pays for: its own figure, which counts spare and whole hosts too.
			utilisation: tokens / speed / gpuSeconds,
			price: (perMtok * tokens) / 1e6 / gpuSeconds,
			exchangeRate: 1,
		},
	};
}

function member(of: unknown, name: string): unknown {
	return typeof of === "object" && of !== null ? (of as Record<string, unknown>)[name] : undefined;
}

/** The value of a quantity. */
function number(quantity: unknown, name: string): number {
	return plain(member(quantity, "value"), name);
}

function plain(value: unknown, name: string): number {
	if (typeof value === "number" && Number.isFinite(value)) return value;
	throw new ActualsError("bad-plan", `the plan has no ${name}`);
}
