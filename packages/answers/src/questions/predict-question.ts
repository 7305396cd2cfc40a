/** `predict`: a configuration that nobody measured, or a file of them, in words to latency, throughput and cost. */
import type { Catalogue } from "@farthing/catalogue";
import { dayNumber } from "@farthing/catalogue";
import type { PrepareOptions, ServingRow, WorkerLayout } from "@farthing/engine";
import type { Envelope, Warning } from "../envelope.ts";
import { FarthingError } from "../farthing-error.ts";
import { hardwareNamed, precisionsNamed, stacksNamed, unknownName } from "../names.ts";
import { predict, type PredictQuestion, type PredictResult } from "../predict.ts";
import { type Asked, type BenchmarkFigures, nothingMeasured, rowOfFigures } from "../predict/benchmark-figures.ts";
import { kinOf } from "../predict/body.ts";
import { withRate } from "../predict/calibration-rows.ts";
import { chosenFormat, modelOrVariant, type ReadRow, readRows } from "../predict/row-layouts.ts";
import { suspiciousRows, type SuspiciousQuestion, type SuspiciousResult } from "../predict/suspicious-rows.ts";
import { rateBook } from "../rates.ts";
import { asTyped } from "./command-line.ts";
import type { GivenFile } from "./member.ts";
import { cardOf, decisive, type QuestionContext } from "./question-context.ts";
import { countFlag, numberFlag } from "./typed-words.ts";
import { flagLength, refuseBeside } from "./words.ts";

export interface PredictWords {
	readonly rows?: GivenFile;
	readonly fit?: GivenFile;
	readonly suspicious?: boolean;
	readonly model?: string;
	readonly hardware?: string;
	readonly precision?: string;
	readonly stack?: string;
	readonly isl?: string;
	readonly osl?: string;
	readonly concurrency?: string;
	readonly tp?: string;
	readonly pp?: string;
	readonly ep?: string;
	readonly dpAttention?: boolean;
	readonly disagg?: string;
	readonly prefillTp?: string;
	readonly speculative?: string;
	readonly drafted?: string;
	readonly accepted?: string;
	readonly cached?: string;
	readonly memoryShare?: string;
	readonly card?: string;
	readonly tier?: string;
}

export type PredictReply =
	/** `isEmpty`: no row could be read or is known; that a row is impossible is an answer. */
	| { readonly of: "rows"; readonly answer: Envelope<PredictResult>; readonly isEmpty: boolean }
	| { readonly of: "suspicious"; readonly answer: Envelope<SuspiciousResult> };

/**
 * Throws exit 2 for words that cannot be read, exit 3 for names that are not known. `figures` are what another reader made
 * of the file of `fit`, where its layout is none of those that are known here.
 */
export function answerPredict(
	flags: PredictWords,
	context: QuestionContext,
	figures?: readonly BenchmarkFigures[],
): PredictReply {
	const catalogue = context.store.catalogue();
	const { rows: file, fit } = flags;
	const asking = asTyped("predict", flags, context.asking("predict", decisive({ ...flags })));
	if (flags.suspicious === true) {
		const { question, warnings } = suspiciousQuestion(catalogue, flags, figures);
		return { of: "suspicious", answer: warned(suspiciousRows(catalogue, question, asking), warnings) };
	}
	const card = cardOf(flags, context, asking.asOf);
	const isSingle = file === undefined;
	const rows =
		file === undefined ? [singleRow(catalogue, flags, asking.asOf)] : fileRows(catalogue, flags, file, asking.asOf);
	const [first] = rows;
	const asked = isSingle && first?.ok === true ? first.row : undefined;
	const own = fit === undefined ? undefined : fitRows(catalogue, fit, asked, figures);
	const question: PredictQuestion = {
		rates: rateBook(catalogue, { kind: "card", card, rates: {} }, asking.asOf),
		options: optionsOf(flags),
		rows,
		...(isSingle && { isSingle }),
		...(own !== undefined && { fit: own.rows }),
	};
	const answer = predict(catalogue, question, asking);
	const isEmpty = answer.result.rows.every((row) => "error" in row);
	const silent: Warning[] = isEmpty
		? [{ code: "nothing-predicted", message: `none of the ${rows.length} rows can be answered: each says why` }]
		: [];
	return { of: "rows", answer: warned(answer, [...(own?.warnings ?? []), ...silent]), isEmpty };
}

/** Whether rows of that file are in a layout known here; else another reader may know them. */
export function hasKnownRows(catalogue: Catalogue, { name, text }: GivenFile): boolean {
	return isBlank(text) || readRows(catalogue, text, name) !== undefined;
}

function isBlank(text: string): boolean {
	return ["", "[]"].includes(text.trim());
}

function warned<T>(answer: Envelope<T>, warnings: readonly Warning[]): Envelope<T> {
	return warnings.length === 0 ? answer : { ...answer, warnings: [...answer.warnings, ...warnings] };
}

function suspiciousQuestion(
	catalogue: Catalogue,
	flags: PredictWords,
	figures: readonly BenchmarkFigures[] | undefined,
): { question: SuspiciousQuestion; warnings: readonly Warning[] } {
	const { rows, precision, stack, isl, osl, concurrency, tp, pp, ep, disagg, card, tier } = flags;
	refuseBeside(
		Object.fromEntries(
			Object.entries({ rows, precision, stack, isl, osl, concurrency, tp, pp, ep, disagg, card, tier }).map(
				([name, value]) => [`--${name}`, value],
			),
		),
		"says nothing of measured rows, which --suspicious lists",
		"farthing predict --suspicious --model deepseek-r1",
	);
	const model = flags.model === undefined ? undefined : modelOrVariant(catalogue, flags.model);
	if (model?.found === false) throw unknownName("model", flags.model as string, model.nearest, { field: "--model" });
	const own = flags.fit === undefined ? undefined : fitRows(catalogue, flags.fit, undefined, figures);
	const question = {
		...(model?.found === true && { model: model.value.id }),
		...(flags.hardware !== undefined && {
			hardware: hardwareNamed(catalogue, flags.hardware, { field: "--hardware" }).id,
		}),
		...(own !== undefined && { fit: own.rows }),
	};
	return { question, warnings: own?.warnings ?? [] };
}

/** A row without a date is asked of the same day as one in flags. */
function fileRows(catalogue: Catalogue, flags: PredictWords, file: GivenFile, asOf: string): readonly ReadRow[] {
	const { model, hardware, precision, stack, isl, osl, concurrency, tp, pp, ep, disagg } = flags;
	const single = { model, hardware, precision, stack, isl, osl, concurrency, tp, pp, ep, disagg };
	refuseBeside(
		Object.fromEntries(Object.entries(single).map(([name, value]) => [`--${name}`, value])),
		"stands in the rows of --rows",
		"farthing predict --rows FILE",
	);
	const day = dayNumber(asOf);
	return rowsOf(catalogue, file).map((read) => (read.ok ? { ...read, row: { day, ...read.row } } : read));
}

interface FitRows {
	readonly rows: readonly ServingRow[];
	readonly warnings: readonly Warning[];
}

function fitRows(
	catalogue: Catalogue,
	file: GivenFile,
	asked: Asked,
	figures: readonly BenchmarkFigures[] | undefined,
): FitRows {
	if (figures !== undefined) {
		const at = (index: number) => ({ file: file.name, index, asked });
		return { rows: figures.map((row, i) => withRate(rowOfFigures(catalogue, row, at(i)))), warnings: [] };
	}
	const read = rowsOf(catalogue, file);
	const bad = read.findIndex((row) => !row.ok);
	const first = read[bad];
	if (first !== undefined && !first.ok) {
		throw new FarthingError(2, "unreadable-row", first.reason, {
			file: file.name,
			field: `rows[${bad}]`,
			expected: "rows that say configuration, load and what was measured",
		});
	}
	const told = read.flatMap((row) => (row.ok && row.isLoadAssumed !== true ? [row.row] : []));
	const silent = told.find(({ measured }) => Object.keys(measured).length === 0);
	if (silent !== undefined) throw nothingMeasured(silent.id, { file: file.name, index: told.indexOf(silent) });
	const left = read.length - told.length;
	const message = `${left} rows of ${file.name} state no concurrency and calibrate nothing`;
	return { rows: told.map(withRate), warnings: left === 0 ? [] : [{ code: "load-not-told", message }] };
}

function rowsOf(catalogue: Catalogue, { name: file, text }: GivenFile): readonly ReadRow[] {
	const read = readRows(catalogue, text, file);
	if (read?.rows.length === 0 || isBlank(text)) {
		throw new FarthingError(3, "no-rows", `${file} holds no rows`, { file, expected: "at least one row" });
	}
	if (read !== undefined && read.rows.length > 0) return read.rows;
	throw new FarthingError(2, "unknown-layout", "no rows in a layout that predict knows", {
		file,
		expected: "the AIConfigurator sample (CSV), or InferenceX rows or medians (JSON lines)",
		hint: "docs/predict.md shows the columns of each layout",
	});
}

function optionsOf(flags: PredictWords): PrepareOptions {
	const drafted = flags.drafted === undefined ? undefined : countFlag("--drafted", flags.drafted);
	const accepted = flags.accepted === undefined ? undefined : numberFlag("--accepted", flags.accepted);
	if (drafted === undefined && accepted === undefined) return shareOption(flags);
	if (drafted === undefined || accepted === undefined) {
		throw new FarthingError(2, "missing-field", "--drafted and --accepted go together", {
			field: drafted === undefined ? "--drafted" : "--accepted",
			expected: "tokens drafted for each step, and tokens that a step yields",
			hint: "--drafted 3 --accepted 2.4",
		});
	}
	if (drafted > MOST_DRAFTED) {
		throw new FarthingError(2, "out-of-bounds", `no stack drafts ${drafted} tokens for each step`, {
			field: "--drafted",
			expected: `a whole number up to ${MOST_DRAFTED}`,
		});
	}
	if (accepted < 1 || accepted > drafted + 1) {
		throw new FarthingError(2, "out-of-bounds", `a step that drafts ${drafted} yields 1 to ${drafted + 1} tokens`, {
			field: "--accepted",
			expected: `a number from 1 to ${drafted + 1}`,
		});
	}
	return { ...shareOption(flags), speculation: { drafted, acceptedPerStep: accepted } };
}

/** Trees of drafts that engines allow are about that large; beyond it nothing is measured. */
const MOST_DRAFTED = 64;

function shareOption({ memoryShare }: PredictWords): PrepareOptions {
	return memoryShare === undefined ? {} : { memoryShare: shareFlag("--memory-share", memoryShare) };
}

function shareFlag(flag: string, text: string): number {
	const isPercent = text.trim().endsWith("%");
	const value = numberFlag(flag, isPercent ? text.trim().slice(0, -1) : text) / (isPercent ? 100 : 1);
	if (value >= 0 && value <= 1) return value;
	throw new FarthingError(2, "out-of-bounds", `${flag} must lie from 0% to 100%`, {
		field: flag,
		expected: "a share, such as 90% or 0.9",
	});
}

function singleRow(catalogue: Catalogue, flags: PredictWords, asOf: string): ReadRow {
	const need = (name: keyof PredictWords, flag: string, example: string): string => {
		const value = flags[name];
		if (typeof value === "string") return value;
		throw new FarthingError(2, "missing-field", `predict needs ${flag}, or --rows with a file`, {
			field: flag,
			expected: example,
			hint: EXAMPLE,
		});
	};
	const modelName = need("model", "--model", "a model, such as deepseek-r1");
	const found = modelOrVariant(catalogue, modelName);
	if (!found.found) throw unknownName("model", modelName, found.nearest, { field: "--model" });
	const model = found.value;
	const hardware = hardwareNamed(catalogue, need("hardware", "--hardware", "a part, such as b200"), {
		field: "--hardware",
	});
	const precisionName = need("precision", "--precision", "a format, such as fp8");
	const precision = chosenFormat(
		precisionsNamed(catalogue, precisionName, { field: "--precision" }),
		model.nativePrecision,
		hardware.vendor,
	);
	const stack = stacksNamed(catalogue, need("stack", "--stack", "a serving stack, such as trt"), {
		field: "--stack",
	})[0] as string;
	const count = (flag: string, text: string | undefined, otherwise: number): number =>
		text === undefined ? otherwise : countFlag(flag, text);
	const tp = count("--tp", need("tp", "--tp", "GPUs of a replica"), 1);
	const decode: WorkerLayout = {
		tp,
		pp: count("--pp", flags.pp, 1),
		ep: count("--ep", flags.ep, 1),
		dpAttention: flags.dpAttention === true,
	};
	const roles = flags.disagg === undefined ? undefined : rolesOf(flags.disagg);
	refuseWithout(flags);
	const prefill = roles && { ...decode, tp: count("--prefill-tp", flags.prefillTp, tp), workers: roles.prefill };
	const spec = flags.speculative ?? (flags.drafted === undefined ? "none" : "mtp");
	const kin = kinOf(catalogue, model.id, hardware.id);
	if (kin === undefined) {
		throw new FarthingError(
			3,
			"unknown-architecture",
			`the catalogue does not describe the architecture of ${model.id}`,
			{
				field: "--model",
			},
		);
	}
	const replicaGpus = decode.tp * decode.pp;
	return {
		ok: true,
		statistic: "median",
		row: {
			id: "asked",
			model: model.id,
			...kin,
			hardware: hardware.id,
			stack: roles === undefined ? stack : disaggregatedStack(catalogue, stack),
			precision,
			speculative: spec,
			disaggregated: roles !== undefined,
			isl: flagLength("--isl", need("isl", "--isl", "input tokens")),
			osl: flagLength("--osl", need("osl", "--osl", "output tokens")),
			lengthShare: 1,
			...(flags.cached !== undefined && { cachedShare: shareFlag("--cached", flags.cached) }),
			concurrency: countFlag("--concurrency", need("concurrency", "--concurrency", "requests in flight")),
			decode: roles === undefined ? decode : { ...decode, workers: roles.decode },
			...(prefill && { prefill }),
			gpus:
				roles === undefined || !prefill
					? replicaGpus
					: roles.prefill * prefill.tp * prefill.pp + roles.decode * replicaGpus,
			day: dayNumber(asOf),
			measured: {},
			source: "asked",
		},
	};
}

const EXAMPLE =
	"farthing predict --model deepseek-r1 --hardware b200 --precision fp4 --stack trt --isl 8192 --osl 1024 --concurrency 64 --tp 8";

/** Flags that would have no effect. */
function refuseWithout({ prefillTp, disagg, speculative, drafted }: PredictWords): void {
	if (prefillTp !== undefined && disagg === undefined) {
		throw new FarthingError(2, "contradiction", "--prefill-tp is of prefill workers apart, and there are none", {
			field: "--prefill-tp",
			expected: "--disagg beside it",
			hint: "--disagg 1:3 --prefill-tp 4",
		});
	}
	if (speculative === "none" && drafted !== undefined) {
		throw new FarthingError(2, "contradiction", "--drafted drafts tokens, and --speculative none does not", {
			field: "--speculative",
			expected: "--speculative mtp, or no --drafted",
		});
	}
}

function rolesOf(text: string): { prefill: number; decode: number } {
	const parts = /^(\d+):(\d+)$/.exec(text.trim());
	const [prefill, decode] = [Number(parts?.[1]), Number(parts?.[2])];
	if (parts !== null && prefill > 0 && decode > 0) return { prefill, decode };
	throw new FarthingError(2, "wrong-type", `--disagg takes workers as PREFILL:DECODE, not "${text}"`, {
		field: "--disagg",
		expected: "two whole numbers above 0, such as 1:3",
	});
}

/** `sglang` with roles apart is served by Dynamo, where the catalogue knows that stack. */
function disaggregatedStack(catalogue: Catalogue, stack: string): string {
	const known = catalogue.stacks.find(({ id }) => id === stack);
	if (known === undefined || known.disaggregated) return stack;
	return catalogue.stacks.find(({ id }) => id === `dynamo-${stack}`)?.id ?? stack;
}
