import {
	answerPredict,
	type BenchmarkFigures,
	FarthingError,
	type GivenFile,
	hasKnownRows,
	PREDICT_MEMBERS,
	type PredictWords,
	wordsOf,
} from "@farthing/answers";
import type { CommonFlags } from "../context.ts";
import { deliver, questionContext } from "../context.ts";
import { givenFile } from "../files.ts";
import { predictText, suspiciousText } from "../show/predict.ts";

export interface PredictFlags extends CommonFlags, Omit<PredictWords, "rows" | "fit"> {
	readonly rows?: string;
	readonly fit?: string;
}

/** Exit 3 where no row of a file can be read or is known. */
export async function runPredict(flags: PredictFlags): Promise<number> {
	const file = (path: string | undefined) =>
		path === undefined ? undefined : givenFile(path, "rows of serving configurations");
	const files = { rows: file(flags.rows), fit: file(flags.fit) };
	const context = questionContext(flags);
	const { fit } = files;
	const isForeign = fit !== undefined && flags.fit !== "-" && !hasKnownRows(context.store.catalogue(), fit);
	const figures = isForeign ? await importedFigures(fit, flags) : undefined;
	const found = answerPredict(wordsOf(PREDICT_MEMBERS, { ...flags, ...files }), context, figures);
	if (found.of === "suspicious") deliver(found.answer, flags, suspiciousText);
	else deliver(found.answer, flags, predictText);
	return found.of === "rows" && found.isEmpty ? NO_ANSWER : 0;
}

const NO_ANSWER = 3;

/** Rows of a benchmark result that `import` reads. The importers are many, and other layouts need none of them. */
async function importedFigures({ name }: GivenFile, flags: PredictFlags): Promise<readonly BenchmarkFigures[]> {
	const [{ importFiles }, { told }] = await Promise.all([import("@farthing/ledger/importers"), import("./import.ts")]);
	const gpus = gpusOf(flags);
	const read = told(() => importFiles([name], Number.isInteger(gpus) && gpus > 0 ? { gpus } : {}));
	const { result } = await read.catch((error: unknown) => {
		throw withoutKind(error);
	});
	const found = result.benchmarks ?? [];
	if (found.length > 0) return found;
	throw new FarthingError(2, "unknown-layout", `${name} is read as ${result.kind}, which holds no benchmark row`, {
		file: name,
		expected: "a benchmark result: docs/predict.md lists the layouts",
	});
}

/** `--kind` is of `import` alone: here the layout must show itself. */
function withoutKind(error: unknown): unknown {
	if (!(error instanceof FarthingError) || error.detail.hint?.includes("--kind") !== true) return error;
	const { exit, code, message, detail } = error;
	const hint = "docs/predict.md lists the layouts of --fit; farthing import --kind reads others";
	return new FarthingError(exit, code, message, { ...detail, hint, expected: "rows or a benchmark result" });
}

/** What served is not in such a file: it is the deployment of the question beside it. NaN where there is none. */
function gpusOf({ tp, pp = "1", disagg, prefillTp = tp }: PredictFlags): number {
	const [prefill, decode] = disagg === undefined ? [0, 1] : disagg.split(":").map(Number);
	return (Number(prefill) * Number(prefillTp) + Number(decode) * Number(tp)) * Number(pp);
}
