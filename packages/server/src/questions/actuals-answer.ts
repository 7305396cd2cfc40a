/** Actuals from facts that were read from the ledger: computed beside the thread that serves. */
import { deserialize } from "node:v8";
import type { Envelope, QuestionContext } from "@farthing/answers";
import { envelope, FarthingError, gridOfRegion } from "@farthing/answers";
import { canonicalJson, sha256Hex } from "@farthing/engine";
import type { PricedRequests, ReadActuals, ReadBudgets } from "@farthing/ledger";
import { ActualsError, answerActuals, answerBudgets, answerTenant } from "@farthing/ledger";
import type { AskedActuals, AskedBudgets } from "./question.ts";

interface Facts {
	readonly read: ReadActuals;
	readonly priced?: PricedRequests | undefined;
}

/** Throws FarthingError where the question is at fault or has no answer. */
export function actualsAnswer(question: AskedActuals, context: QuestionContext): Envelope<unknown> {
	const { facts, org, region, plans = [] } = question;
	const { read, priced } = deserialize(Buffer.from(facts, "base64")) as Facts;
	// The result states what was asked for: it alone decides, as on the command line.
	const asking = (result: unknown) => context.asking("actuals", { ledger: sha256Hex(canonicalJson(result)) });
	const { seed } = context.asking("actuals", {});
	const gramsPerKwh =
		region === undefined ? undefined : Number(gridOfRegion(context.store.catalogue(), region).figure.value);
	try {
		if (org !== undefined) {
			const { result, warnings } = answerTenant(read, org, priced);
			return envelope(asking(result), result, warnings);
		}
		const beside = {
			seed,
			plans: plans.map((plan) => JSON.parse(plan) as unknown),
			...(gramsPerKwh === undefined ? {} : { gramsPerKwh }),
		};
		const { result, warnings, graph } = answerActuals(read, beside, priced);
		return envelope(asking(result), result, warnings, graph);
	} catch (error) {
		throw error instanceof ActualsError ? actualsRefusal(error) : error;
	}
}

/** The same of budgets. */
export function budgetsAnswer({ facts, on }: AskedBudgets, context: QuestionContext): Envelope<unknown> {
	const read = deserialize(Buffer.from(facts, "base64")) as ReadBudgets;
	const { seed } = context.asking("budget", {});
	try {
		const result = { budgets: answerBudgets(read, seed) };
		return envelope(context.asking("budget", { on, ledger: sha256Hex(canonicalJson(result)) }), result, []);
	} catch (error) {
		throw error instanceof ActualsError ? actualsRefusal(error) : error;
	}
}

export function actualsRefusal({ code, message, detail, isMalformed }: ActualsError): FarthingError {
	return new FarthingError(isMalformed ? 2 : 3, code, message, detail);
}
