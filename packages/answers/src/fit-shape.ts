/** `farthing shape`: a request trace in a few dozen numbers, as a file that a scenario names. */
import type { TrafficShape } from "@farthing/engine";
import { shapeFitter } from "@farthing/engine";
import type { FittedShape, ShapeDocument } from "@farthing/scenario";
import { trafficShapeDocument } from "@farthing/scenario";
import type { Envelope, Warning } from "./envelope.ts";
import { envelope } from "./envelope.ts";
import { FarthingError } from "./farthing-error.ts";
import type { QuestionContext } from "./questions/question-context.ts";
import { accountJson, isCovered, requireMostOf, type Trace, traceWarnings } from "./questions/trace.ts";

export interface ShapeResult {
	readonly layout: string;
	/** As its file has it. */
	readonly shape: ShapeDocument;
	readonly trace: object;
}

/** A fit under way. */
export interface AskedShape {
	/** Takes the requests that can be pulled. */
	takeReady(): void;
	answer(): { readonly answer: Envelope<ShapeResult>; readonly isCovered: boolean };
}

/** `name` is that of the shape. */
export function beginShape(trace: Trace, name: string, context: QuestionContext): AskedShape {
	const { layout } = trace;
	const asking = context.asking("shape", { trace: trace.name });
	const fitter = shapeFitter(asking.seed, layout.clock);
	let firstSeconds: number | undefined;
	return {
		takeReady() {
			for (let record = trace.pull(); record !== undefined; record = trace.pull()) {
				firstSeconds ??= record.seconds;
				fitter.add(record);
			}
		},
		answer() {
			const account = trace.account();
			requireMostOf(trace.name, account);
			const shape: FittedShape = { name, ...rounded(fitted(trace, () => fitter.fit(layout.prefixBlockTokens))) };
			const asOf = layout.clock === "utc" && firstSeconds !== undefined ? { asOf: dayOf(firstSeconds) } : {};
			const document = trafficShapeDocument(shape, { source: `a trace in the layout of ${layout.name}`, ...asOf });
			const result = { layout: layout.name, shape: document, trace: accountJson(account) };
			const warnings: Warning[] = [...traceWarnings(trace.name, account), ...shortWarning(trace.name, shape)];
			return { answer: envelope(asking, result, warnings), isCovered: isCovered(account) };
		},
	};
}

function fitted(trace: Trace, fit: () => TrafficShape): TrafficShape {
	try {
		return fit();
	} catch (error) {
		if (!(error instanceof RangeError)) throw error;
		throw new FarthingError(3, "no-shape", `${trace.name}: ${error.message}`, {
			file: trace.name,
			expected: "two requests or more, at different times",
		});
	}
}

/** Four digits are more than a trace says. */
function rounded(shape: TrafficShape): TrafficShape {
	const short = (value: number): number => Number(value.toPrecision(4));
	return {
		...shape,
		seconds: Math.round(shape.seconds * 1000) / 1000,
		requestsPerSecond: short(shape.requestsPerSecond),
		burstiness: short(shape.burstiness),
		...(shape.hourly === undefined ? {} : { hourly: shape.hourly.map(short) }),
		...(shape.prefixReuse === undefined ? {} : { prefixReuse: short(shape.prefixReuse) }),
	};
}

const FEW = 1000;

function shortWarning(name: string, { requests, hourly }: FittedShape): Warning[] {
	const one = requests > 2 ? "" : ": one gap between them says nothing of burstiness, and 0 is none that was seen";
	const few = { code: "few-requests", message: `${name}: a shape of ${requests} requests is rough${one}` };
	const short = { code: "no-hours", message: `${name} is shorter than a day: its shape has no course over the hours` };
	return [...(requests < FEW ? [few] : []), ...(hourly === undefined ? [short] : [])];
}

function dayOf(seconds: number): string {
	return new Date(seconds * 1000).toISOString().slice(0, 10);
}
