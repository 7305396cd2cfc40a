/** What a window really cost, from the ledger of the server that the pages came from. */
import type { Envelope, SavedResult } from "@farthing/answers";
import { FarthingError, whyNode } from "@farthing/answers";
import type { WhyNode } from "@farthing/engine";
import type { ActualsResult } from "@farthing/ledger";
import { answered } from "../ask-server.ts";
import type { Host } from "../host.ts";
import { readScenario, type ScenarioWords } from "./scenario-words.ts";

export interface ActualsWords {
	/** Parameters of `GET /v1/actuals`. */
	readonly query: Readonly<Record<string, string>>;
	/** Scenario whose plan the actuals are set against. */
	readonly plan?: ScenarioWords | undefined;
	/** API key, where the server demands one: held by the page that is open, and nowhere else. */
	readonly key?: string | undefined;
	/** Raised to ask again: a ledger goes on. */
	readonly turn?: number | undefined;
}

/** A key without the scope admin sees its own part: no idle time, no bill. */
export type OwnPart = Omit<ActualsResult, Whole> & { readonly org: string } & { readonly [K in Whole]?: undefined };
type Whole =
	| "bases"
	| "idle_ledger"
	| "by_tokens"
	| "idle"
	| "residual"
	| "rated"
	| "reconciliation"
	| "use"
	| "laws"
	| "sources"
	| "days"
	| "weeks"
	| "variance"
	| "anomalies"
	| "outlook_gaps";
export type ActualsAnswer = Omit<Envelope<ActualsResult | OwnPart>, "graph"> & {
	/** Flags of the command for the ledger of the server, and for its exchange rates and benchmarks. */
	readonly beside?: readonly string[];
};

/** `no-ledger` where the server has none; `no-session` where people sign in and nobody has. */
export async function answer(words: ActualsWords, host: Host): Promise<ActualsAnswer> {
	const { query, plan, key } = words;
	const health = answered(await host.server("healthz")) as Health;
	if (health.ledger !== true) throw new FarthingError(3, "no-ledger", "this server has no ledger");
	const planned = plan === undefined ? {} : { plan: await askPlan(plan, key, host) };
	const asked = new URLSearchParams({ ...query, ...planned }).toString();
	const reply = await host.server(`v1/actuals?${asked}`, { key });
	// Whoever signed in and stayed away too long can do so again: only the server knows whether one signs in there.
	if (reply.status === 401 && health.sign_on === true)
		throw new FarthingError(3, "no-session", "nobody is signed in here any longer");
	const told = answered(reply) as ActualsAnswer;
	return reply.beside === undefined ? told : { ...told, beside: reply.beside };
}

interface Health {
	readonly ledger?: boolean;
	/** People sign in there. */
	readonly sign_on?: boolean;
}

/** The tree under a number: of a file that was opened, from the graph in it; else as the server tells it. */
export async function why(of: ActualsWords | SavedResult, node: string, host: Host): Promise<WhyNode> {
	if ("graph" in of) return whyNode(of, node);
	const { id } = await answer(of as ActualsWords, host);
	const reply = await host.server(`v1/results/${id}/why/${encodeURIComponent(node)}`, {
		key: (of as ActualsWords).key,
	});
	return (answered(reply) as { readonly result: WhyNode }).result;
}

/** Id of the plan, which the server then keeps. */
async function askPlan(plan: ScenarioWords, key: string | undefined, host: Host): Promise<string> {
	const { scenario } = await readScenario(plan, host);
	const body = { scenario: JSON.stringify(scenario.document) };
	return (answered(await host.server("v1/plans", { key, body })) as { readonly id: string }).id;
}
