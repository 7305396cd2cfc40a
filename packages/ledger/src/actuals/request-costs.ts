/**
 * What each request cost. The cost of a sum of requests is known from the attribution; each of them gets its part by the GPU time that
 * its own tokens took, or by the tokens that a provider charged for. Requests are read twice and never held: first for the
 * weights of each sum, then, in order, for the parts. A part is what the running total gains, rounded down, so that the
 * parts of a sum add up to it and each is within a billionth of its exact value.
 */
import type { BusyLaw } from "@farthing/engine";
import { busyTime } from "@farthing/engine";
import { attribute } from "../attribution/attribute.ts";
import type { AttributedLine, Owner } from "../attribution/attributed-line.ts";
import type { WindowCharge } from "../attribution/charge.ts";
import type { Span } from "../attribution/spans.ts";
import type { TokenBucket } from "../records/token-classes.ts";
import { TOKEN_BUCKETS } from "../records/token-classes.ts";
import type { Count, GpuMicros, Instant, TokenCount } from "../records/units.ts";
import type { RequestRow } from "../store/query/request-query.ts";
import type { LedgerStore } from "../store/store.ts";
import type { Actuals } from "./actuals.ts";
import { unchargedModels } from "./uncharged.ts";
import type { LedgerFacts } from "./facts.ts";
import { requestGroup } from "./facts-from-store.ts";
import { bucketsOf, busyWorkOf, modelName } from "./used-work.ts";

export interface RequestCost {
	readonly at: Instant;
	readonly owner: Owner;
	readonly status?: RequestRow["status"];
	readonly tokens: Partial<Record<TokenBucket, TokenCount>>;
	/**
	 * Billionths of the currency of the answer: all, and the parts of it for input and for output. Absent where no charge can be
	 * laid on the request, as where nothing says which deployment served it: unknown, not nothing.
	 */
	readonly nano?: bigint;
	readonly input?: bigint;
	readonly output?: bigint;
	/** GPU time behind it; 0 where tokens were bought. */
	readonly gpu?: GpuMicros;
}

/**
 * Requests with what they cost, in order of start and id, some thousands at a time. `facts` and `found` are of a question by
 * `request`. Throws StoreError `beyond-retention` where requests of the window were dropped.
 */
export async function* requestCosts(
	store: Pick<LedgerStore, "requestRows">,
	facts: LedgerFacts,
	found: Actuals,
): AsyncGenerator<readonly RequestCost[]> {
	const groups = shareableGroups(found);
	const counted = countedGroups(found);
	for (const span of spansOf(facts, counted)) {
		for await (const rows of store.requestRows({ ...span, isOrdered: false })) {
			for (const row of rows) groups.get(groupOf(row, span, found))?.forEach((piece) => weigh(piece, row));
		}
		for await (const rows of store.requestRows({ ...span, isOrdered: true })) {
			const costs = rows.flatMap((row): RequestCost[] => {
				const group = groupOf(row, span, found);
				const pieces = groups.get(group);
				if (pieces !== undefined) return [costOf(row, pieces)];
				const of = counted.get(group);
				return of === undefined ? [] : [withoutPiece(row, of)];
			});
			if (costs.length > 0) yield costs;
		}
	}
}

/** An amount of one sum of requests, and how it is shared among them. */
interface Piece {
	readonly deployment: string | undefined;
	readonly input: Share;
	readonly output: Share;
	readonly gpu: GpuMicros;
	readonly weightsOf: (row: RequestRow) => readonly [input: bigint, output: bigint];
}

interface Share {
	readonly nano: bigint;
	/** Of all requests of the sum, and of those that had their part. */
	whole: bigint;
	given: bigint;
	requests: bigint;
	served: bigint;
}

function shareableGroups(found: Actuals): Map<string, Piece[]> {
	const { question, held, used, laws, charges } = found;
	const plainLaws = new Map([...laws].map(([deployment, { law }]) => [deployment, law]));
	const linesOf = (some: readonly WindowCharge[]): readonly AttributedLine[] =>
		some.length === 0 ? [] : attribute({ basis: question.basis, held, used, laws: plainLaws, charges: some }).lines;
	const groups = new Map<string, Piece[]>();
	const add = (line: AttributedLine, weightsOf: Piece["weightsOf"]): void => {
		const { kind, owner, amount, input, output, gpu = 0 } = line;
		if (kind !== "serving" || owner.request === undefined) return;
		const inputNano = input?.nano ?? 0n;
		const piece: Piece = {
			deployment: owner.deployment,
			input: shareOf(inputNano),
			output: shareOf(output === undefined ? amount.nano - inputNano : output.nano),
			gpu: gpu as GpuMicros,
			weightsOf,
		};
		groups.set(owner.request, [...(groups.get(owner.request) ?? []), piece]);
	};
	for (const line of linesOf(charges.charges.filter(({ kind }) => kind === "pool"))) {
		const law = plainLaws.get(line.owner.deployment ?? "");
		if (law !== undefined) add(line, byGpuTime(law));
	}
	for (const bucket of TOKEN_BUCKETS) {
		const bought = charges.charges.filter((charge) => charge.kind === "tokens" && charge.bucket === bucket);
		for (const line of linesOf(bought)) add(line, byTokens(bucket));
	}
	return groups;
}

/** A sum of requests that counts: the log nearest to the user has it. */
interface Counted {
	/** A charge reaches what served it, also where none of it is for serving. */
	readonly isCharged: boolean;
	readonly deployments: ReadonlySet<string | undefined>;
}

function countedGroups(found: Actuals): Map<string, Counted> {
	const uncharged = unchargedModels(found);
	const bought = new Set(found.charges.charges.flatMap((charge) => (charge.kind === "tokens" ? [charge.model] : [])));
	const groups = new Map<string, Counted>();
	for (const { owner } of found.used) {
		const { request, model = "", deployment } = owner;
		if (request === undefined) continue;
		const before = groups.get(request);
		const isCharged = !uncharged.has(model) && (deployment !== undefined || bought.has(model));
		groups.set(request, {
			isCharged: isCharged && (before?.isCharged ?? true),
			deployments: new Set([...(before?.deployments ?? []), deployment]),
		});
	}
	return groups;
}

function shareOf(nano: bigint): Share {
	return { nano, whole: 0n, given: 0n, requests: 0n, served: 0n };
}

/** Input by the tokens that were computed, output by the GPU time of its tokens and what they attended to. */
function byGpuTime(law: BusyLaw): Piece["weightsOf"] {
	return ({ tokens }) => {
		const work = busyWorkOf({ tokens, requests: 1 as Count }, 1);
		const nanoseconds = Math.round(busyTime(law, work).decodeGpuSeconds * 1e9);
		return [BigInt(work.uncachedInputTokens), BigInt(nanoseconds)];
	};
}

function byTokens(bucket: TokenBucket): Piece["weightsOf"] {
	return ({ tokens }) => {
		const weight = BigInt(bucketsOf(tokens)[bucket] ?? 0);
		return [weight, weight];
	};
}

/** Stretches of time in which sums of requests have their cost, in order. */
function spansOf({ usage }: LedgerFacts, groups: ReadonlyMap<string, unknown>): Span[] {
	const spans = new Map<string, Span>();
	for (const { request, from, to } of usage) {
		if (request !== undefined && groups.has(request)) spans.set(`${from} ${to}`, { from, to });
	}
	return [...spans.values()].sort((a, b) => a.from - b.from);
}

function groupOf({ keys }: RequestRow, { from }: Span, { question }: Actuals): string {
	return requestGroup(keys, question.by, from);
}

function weigh({ input, output, weightsOf }: Piece, row: RequestRow): void {
	const [ofInput, ofOutput] = weightsOf(row);
	input.whole += ofInput;
	output.whole += ofOutput;
	input.requests++;
	output.requests++;
}

function costOf(row: RequestRow, pieces: readonly Piece[]): RequestCost {
	let [input, output, gpu] = [0n, 0n, 0];
	for (const piece of pieces) {
		const [ofInput, ofOutput] = piece.weightsOf(row);
		const whole = Number(piece.input.nano + piece.output.nano);
		const parts = [take(piece.input, ofInput), take(piece.output, ofOutput)] as const;
		input += parts[0];
		output += parts[1];
		if (whole !== 0) gpu += (piece.gpu * Number(parts[0] + parts[1])) / whole;
	}
	const deployments = new Set(pieces.map(({ deployment }) => deployment));
	return {
		...plainOf(row, deployments),
		nano: input + output,
		input,
		output,
		gpu: Math.round(gpu) as GpuMicros,
	};
}

/** No part of what is for serving: nothing, as where capacity is paid anyway, or unknown. */
function withoutPiece(row: RequestRow, { isCharged, deployments }: Counted): RequestCost {
	const plain = plainOf(row, deployments);
	return isCharged ? { ...plain, nano: 0n, input: 0n, output: 0n, gpu: 0 as GpuMicros } : plain;
}

function plainOf(row: RequestRow, deployments: ReadonlySet<string | undefined>): RequestCost {
	const [only, ...others] = deployments;
	return {
		at: row.t0,
		owner: ownerOf(row, others.length === 0 ? only : undefined),
		...(row.status === undefined ? {} : { status: row.status }),
		tokens: bucketsOf(row.tokens),
	};
}

/** What the running total gains; where no request weighs anything each counts alike. */
function take(share: Share, weight: bigint): bigint {
	const isByCount = share.whole === 0n;
	const whole = isByCount ? share.requests : share.whole;
	const before = isByCount ? share.served : share.given;
	const after = before + (isByCount ? 1n : weight);
	share.served++;
	share.given += weight;
	return (share.nano * after) / whole - (share.nano * before) / whole;
}

function ownerOf({ keys, request }: RequestRow, deployment: string | undefined): Owner {
	const { org, team, user, key, served, model } = keys;
	return {
		model: modelName({ served: served ?? "unknown", ...(model === null ? {} : { id: model }) }),
		...(deployment === undefined ? {} : { deployment }),
		...(org === null ? {} : { org }),
		...(team === null ? {} : { team }),
		...(user === null ? {} : { user }),
		...(key === null ? {} : { key }),
		...(request === undefined ? {} : { request }),
	};
}
