/** Facts of the catalogue and quantities of the question as inputs, and what is noted on the way. */
import type { Catalogue, Figure, Hardware, Model, TrainingRun } from "@farthing/catalogue";
import { findId } from "@farthing/catalogue";
import type { Dims, Distribution, Expr, FlopPerGpuSecond, Tokens, Unit } from "@farthing/engine";
import { input, one, teraflopsPerGpu, token } from "@farthing/engine";
import type { Warning } from "../envelope.ts";
import { figureInput } from "../evidence.ts";
import { FarthingError } from "../farthing-error.ts";
import { givenInput } from "../given.ts";
import { unknownName } from "../names.ts";
import type { Peak } from "./question.ts";

/** What an answer is built from, and what it says beside its numbers. */
export interface TrainContext {
	readonly catalogue: Catalogue;
	readonly asOf: string;
	readonly warnings: Warning[];
	readonly defaults: TrainDefault[];
	/** Why a member of the result is absent. */
	readonly unknown: Record<string, string>;
}

/** Something taken because nobody said otherwise. */
export interface TrainDefault {
	readonly path: string;
	readonly value: string;
	readonly source: string;
}

/** A figure of the catalogue; `factor` turns its number into base units. */
export function figureOf<D extends Dims>(
	{ catalogue }: TrainContext,
	id: string,
	unit: Unit<D>,
	figure: Figure,
	label: string,
	at: string,
	factor: number = unit.factor,
): Expr<D> {
	return input(id, unit, figureInput(catalogue, figure, label, factor, at));
}

/** A quantity of the question itself: what is asked about, not evidence for the answer. */
export function askedOf<D extends Dims>(
	{ asOf }: TrainContext,
	id: string,
	unit: Unit<D>,
	value: Distribution,
	label: string,
	flag: string,
): Expr<D> {
	return givenInput(id, unit, value, { label, role: "condition", asOf, source: `given with ${flag}`, grade: "E" });
}

/** A quantity of the question that the answer rests on. */
export function claimedOf<D extends Dims>(
	{ asOf }: TrainContext,
	id: string,
	unit: Unit<D>,
	value: Distribution,
	label: string,
	flag: string,
): Expr<D> {
	return givenInput(id, unit, value, { label, role: "evidence", asOf, source: `given with ${flag}`, grade: "E" });
}

/** Throws exit 3 with the nearest ids. */
export function trainingRunNamed(catalogue: Pick<Catalogue, "trainingRuns">, name: string): TrainingRun {
	const ids = catalogue.trainingRuns.map(({ id }) => id);
	const found = findId("training run", ids, name);
	if (!found.found) {
		throw new FarthingError(3, "unknown-run", `no published training run "${short(name)}" in the catalogue`, {
			field: "--run",
			expected: "the id of a published run",
			hint: "farthing catalog list training-runs",
			nearest: found.nearest,
		});
	}
	return catalogue.trainingRuns.find(({ id }) => id === found.value) as TrainingRun;
}

/** The named peak of a part; undefined where its data sheet has none. */
export function peakOf(context: TrainContext, part: Hardware, peak: Peak): Expr<FlopPerGpuSecond> | undefined {
	const figure = part.figures[peak];
	if (figure === undefined) return undefined;
	const label = `${part.name}, ${peak.toUpperCase()} dense peak`;
	return figureOf(context, `peak.${peak}`, teraflopsPerGpu, figure, label, `hardware/${part.id}/${peak}`);
}

/** Throws exit 3 where the data sheet has no such peak. */
export function requiredPeak(context: TrainContext, part: Hardware, peak: Peak): Expr<FlopPerGpuSecond> {
	const found = peakOf(context, part, peak);
	if (found !== undefined) return found;
	throw new FarthingError(3, "no-peak", `the catalogue has no ${peak.toUpperCase()} peak of ${part.id}`, {
		field: "--peak",
		expected: "a number format that the part computes in",
		nearest: (["bf16", "fp8", "fp4"] as const).filter((each) => part.figures[each] !== undefined),
	});
}

/** A count in the catalogue's entry of a model. */
export function modelCount(
	context: TrainContext,
	model: Model,
	name: keyof Model["figures"],
	id: string,
	label: string,
): Expr<Record<never, never>> | undefined {
	const figure = model.figures[name];
	return figure === undefined ? undefined : figureOf(context, id, one, figure, label, `models/${model.id}/${name}`);
}

/** Tokens of a sequence, from the question. */
export function sequenceOf(context: TrainContext, sequence: number): Expr<Tokens<"total">> {
	const value = { kind: "point", value: sequence } as const;
	return askedOf(context, "sequence", token("total"), value, "tokens of a training sequence", "--seq");
}

export function modelWithId(catalogue: Pick<Catalogue, "models">, id: string): Model {
	const found = catalogue.models.find((model) => model.id === id);
	if (found === undefined) throw unknownName("model", id, []);
	return found;
}

function short(name: string): string {
	return name.length > 60 ? `${name.slice(0, 60)}…` : name;
}
