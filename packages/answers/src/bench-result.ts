/** Throughput per GPU out of a benchmark result that somebody has at hand. */
import { FarthingError } from "./farthing-error.ts";

export interface BenchResult {
	readonly layout: string;
	/** Input plus output tokens per second and GPU. */
	readonly tokensPerGpuSecond: number;
	/** Mean lengths of a request, where the file says them. */
	readonly lengths?: { readonly input: number; readonly output: number };
}

/** Beyond these nothing is measured. */
const LEAST = 1e-6;
const MOST = 1e15;

/**
 * Reads `vllm bench serve` results (total throughput of the server: needs its GPU count) and InferenceX rows (per GPU
 * already). Throws exit 2 for text that is neither, naming what was looked for.
 */
export function readBenchResult(text: string, file: string, gpus: number | undefined): BenchResult {
	const json = parsed(text, file);
	const number = (key: string): number | undefined => {
		const value = json[key];
		if (typeof value !== "number") return undefined;
		if (value === 0 || (value >= LEAST && value <= MOST)) return value;
		throw new FarthingError(2, "out-of-bounds", `${key} of ${file} is ${value}`, {
			file,
			field: key,
			expected: `0, or a number from ${LEAST} to ${MOST}`,
		});
	};
	const perGpu = number("tput_per_gpu");
	const isl = number("isl");
	const osl = number("osl");
	if (perGpu !== undefined) {
		if (gpus !== undefined) {
			throw new FarthingError(2, "contradiction", `--gpus has no effect: tput_per_gpu of ${file} is per GPU already`, {
				file,
				field: "--gpus",
				expected: "no --gpus beside a row that says its throughput per GPU",
				hint: "leave --gpus out",
			});
		}
		const lengths = isl === undefined || osl === undefined ? {} : { lengths: { input: isl, output: osl } };
		return { layout: "InferenceX row", tokensPerGpuSecond: perGpu, ...lengths };
	}
	const total = number("total_token_throughput");
	if (total === undefined) {
		throw new FarthingError(2, "unknown-layout", `${file} is no benchmark result that price can read`, {
			file,
			expected: "total_token_throughput (vllm bench serve) or tput_per_gpu (InferenceX)",
			hint: "or give the throughput yourself with --tokens-per-second",
		});
	}
	if (gpus === undefined) {
		throw new FarthingError(
			2,
			"missing-field",
			`${file} holds the throughput of a whole server: how many GPUs has it?`,
			{
				file,
				field: "--gpus",
				expected: "the number of GPUs that served the benchmark",
			},
		);
	}
	const completed = number("completed");
	if (completed === 0) {
		throw new FarthingError(
			2,
			"nothing-completed",
			`no request of ${file} was completed: its throughput says nothing`,
			{
				file,
				field: "completed",
				expected: "a run with completed requests",
			},
		);
	}
	const input = number("total_input_tokens");
	const output = number("total_output_tokens");
	const known = completed !== undefined && input !== undefined && output !== undefined;
	const lengths = known ? { lengths: { input: input / completed, output: output / completed } } : {};
	return { layout: "vllm bench serve", tokensPerGpuSecond: total / gpus, ...lengths };
}

function parsed(text: string, file: string): Readonly<Record<string, unknown>> {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (error) {
		throw new FarthingError(2, "malformed-json", `${file} is not JSON: ${(error as Error).message}`, {
			file,
			...jsonPlace(text, (error as Error).message),
			expected: "one JSON object",
		});
	}
	if (typeof value === "object" && value !== null && !Array.isArray(value))
		return value as Readonly<Record<string, unknown>>;
	throw new FarthingError(2, "malformed-json", `${file} holds no JSON object`, { file, expected: "one JSON object" });
}

/** Where JSON.parse stopped; it says a position, or shows ten characters on either side of what it met. */
function jsonPlace(text: string, message: string): { readonly line: number; readonly column: number } {
	const before = text.slice(0, stoppedAt(text, message)).split("\n");
	return { line: before.length, column: (before.at(-1) as string).length + 1 };
}

function stoppedAt(text: string, message: string): number {
	const position = /position (\d+)/.exec(message)?.[1];
	if (position !== undefined) return Number(position);
	const met = /token '(.)', (\.{3})?"([\s\S]*)"(\.{3})? is not valid/u.exec(message);
	if (met === null) return text.length;
	const [, token = "", cutBefore, around = "", cutAfter] = met;
	if (cutBefore !== undefined) return text.indexOf(around) + 10;
	return cutAfter === undefined ? text.indexOf(token) : around.length - 10;
}
