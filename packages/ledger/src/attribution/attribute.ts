/**
 * Whose the charges of a window are: `Σ lines = Σ charges`, exactly, on each of three bases.
 *
 * reserved: who holds the GPUs pays for them, busy or not; within a deployment by GPU time.
 * busy: who kept the GPUs at work pays for that time; what was held and not at work is a line of its own.
 * marginal: what one more request costs: its GPU time where capacity could be given back (on demand, spot), and its energy;
 * what is owned or reserved is paid anyway, and at work or not it is a line of its own (`committed`, `idle_held`).
 *
 * A charge of a pool is shared by the GPU time (or energy) held in the pool during the charge's own period, so that a price
 * that changes within the month meets the hours it applied to. What a deployment holds goes on to its owners by
 * GPU time from the law of `engine/performance/busy-law`: never by request wall time, never by GPU "utilisation". Each split
 * is by largest remainder, in billionths of the currency. What cannot be placed is a line, not spread.
 */
import type { BusyLaw, BusyWork } from "@farthing/engine";
import { busyTime } from "@farthing/engine";
import type { CostBasis, CostLineKind } from "../records/cost-window.ts";
import type { Amount } from "../records/money.ts";
import { apportion } from "../records/money.ts";
import type { TokenBucket } from "../records/token-classes.ts";
import type { GpuMicros, Millijoules, TokenCount } from "../records/units.ts";
import type { PoolCharge, TokenCharge, WindowCharge } from "./charge.ts";
import type { AttributedLine, Owner } from "./attributed-line.ts";
import type { LineSums } from "./line-sums.ts";
import { lineSums } from "./line-sums.ts";
import type { Overlap, Span, SpanIndex } from "./spans.ts";
import { spanIndex } from "./spans.ts";

/** GPU time; held by nobody where there is no deployment. */
export interface HeldTime extends Span {
	/** Names under which charges may mean it: its node, its cluster, all. */
	readonly pools: readonly string[];
	readonly deployment?: string;
	readonly model?: string;
	readonly gpu: GpuMicros;
	readonly energy?: Millijoules;
}

/** What an owner had done by a deployment, or by a provider of tokens, in a span. */
export interface UsedWork extends Span {
	readonly owner: Owner;
	readonly work: BusyWork;
	readonly tokens: Partial<Record<TokenBucket, TokenCount>>;
}

export interface AttributionInput {
	readonly basis: CostBasis;
	readonly charges: readonly WindowCharge[];
	readonly held: readonly HeldTime[];
	readonly used: readonly UsedWork[];
	/** Law by deployment. Work of a deployment without one counts as held and idle, and is listed. */
	readonly laws: ReadonlyMap<string, BusyLaw>;
}

export interface Attribution {
	readonly lines: readonly AttributedLine[];
	/** Deployments whose work would take longer than the GPU time they held, and how many times: the law is off there. */
	readonly overruns: ReadonlyMap<string, number>;
	readonly withoutLaw: readonly string[];
}

/** All charges in one currency. Throws `currency-mismatch` of the ledger's money where they are not. */
export function attribute(input: AttributionInput): Attribution {
	const state: State = {
		input,
		sums: lineSums(),
		held: groupedIndex(input.held, ({ pools }) => pools),
		heldByDeployment: groupedIndex(input.held, ({ deployment }) => [deployment ?? ""]),
		used: groupedIndex(input.used, ({ owner }) => [owner.deployment ?? ""]),
		bought: groupedIndex(input.used, ({ owner }) => [owner.model ?? ""]),
		shares: new Map(),
		overruns: new Map(),
	};
	for (const charge of input.charges) {
		if (charge.kind === "pool") sharePool(charge, state);
		else if (charge.kind === "tokens") shareTokens(charge, state);
		else state.sums.add({ kind: charge.kind, owner: {}, label: charge.label, amount: charge.amount });
	}
	const served = new Set(input.used.flatMap(({ owner }) => owner.deployment ?? []));
	return {
		lines: state.sums.lines(),
		overruns: state.overruns,
		withoutLaw: [...served].filter((deployment) => !input.laws.has(deployment) && holds(input, deployment)).sort(),
	};
}

interface State {
	readonly input: AttributionInput;
	readonly sums: LineSums;
	readonly held: GroupedIndex<HeldTime>;
	readonly heldByDeployment: GroupedIndex<HeldTime>;
	readonly used: GroupedIndex<UsedWork>;
	readonly bought: GroupedIndex<UsedWork>;
	readonly shares: Map<string, DeploymentShares>;
	readonly overruns: Map<string, number>;
}

/** One part of a split: where it goes, and what it weighs. */
interface Part {
	readonly kind: CostLineKind;
	readonly owner: Owner;
	readonly label?: string;
	readonly weight: bigint;
	readonly gpu?: bigint;
	/** What of it is for input and what for output, of tokens that were bought. */
	readonly split?: readonly [bigint, bigint];
}

function sharePool(charge: PoolCharge, state: State): void {
	const holders = holdersOf(charge, state);
	const measured = holders.reduce((sum, { gpu }) => sum + gpu, 0n);
	const paid = charge.paid === undefined ? measured : BigInt(charge.paid);
	const unmetered = paid > measured ? paid - measured : 0n;
	const weigh = (holder: Holder): bigint => (charge.by === "energy" ? holder.energy : holder.gpu);
	const total = holders.reduce((sum, holder) => sum + weigh(holder), 0n);
	const label = charge.pool;
	if (total === 0n && (charge.by === "energy" || unmetered === 0n)) {
		state.sums.add({ kind: "unmetered", owner: {}, label, amount: charge.amount });
		return;
	}
	const parts: Part[] = holders.map((holder) => ({
		kind: holder.deployment === undefined ? "unallocated" : "idle_held",
		owner: holder.deployment === undefined ? {} : heldBy(holder.deployment, holder.model),
		label,
		weight: weigh(holder),
		...(charge.by === "energy" ? {} : { gpu: holder.gpu }),
	}));
	if (charge.by === "gpu-time" && unmetered > 0n) {
		parts.push({ kind: "unmetered", owner: {}, label, weight: unmetered, gpu: unmetered });
	}
	share(charge.amount, parts, (part, amount) => {
		if (part.owner.deployment === undefined) add(state, part, amount);
		else shareDeployment(charge, part, amount, state);
	});
}

interface Holder {
	readonly deployment: string | undefined;
	readonly model: string | undefined;
	readonly gpu: bigint;
	readonly energy: bigint;
}

/** Who held how much of the pool in the period of the charge, in the order of their names. */
function holdersOf(charge: PoolCharge, { held }: State): Holder[] {
	const found = new Map<string, Holder>();
	for (const { of, share: within } of held.overlapping(charge.pool, charge)) {
		const key = of.deployment ?? "";
		const before = found.get(key);
		found.set(key, {
			deployment: of.deployment,
			model: before?.model ?? of.model,
			gpu: (before?.gpu ?? 0n) + portion(of.gpu, within),
			energy: (before?.energy ?? 0n) + portion(of.energy ?? 0, within),
		});
	}
	return [...found].sort(byKey).map(([, holder]) => holder);
}

/** What a deployment holds goes to those it worked for. */
function shareDeployment(charge: PoolCharge, part: Part, amount: Amount, state: State): void {
	const { basis } = state.input;
	const deployment = part.owner.deployment as string;
	const shares = deploymentShares(deployment, charge, state);
	const served = shares.input + shares.output;
	if (served === 0n) {
		add(state, basis === "reserved" ? { ...part, kind: "serving" } : part, amount);
		return;
	}
	const rest = basis === "reserved" || shares.held <= served ? 0n : shares.held - served;
	const [ofServed, ofRest] = apportion(amount, [served, rest]) as [Amount, Amount];
	const gpu = part.gpu === undefined ? undefined : partsOf(part.gpu, [served, rest]);
	const gpuOf = (time: bigint | undefined): { gpu?: bigint } => (time === undefined ? {} : { gpu: time });
	if (rest !== 0n) add(state, { ...part, kind: "idle_held", ...gpuOf(gpu?.[1]) }, ofRest);
	if (basis === "marginal" && !charge.isAvoidable) {
		add(state, { ...part, kind: "committed", ...gpuOf(gpu?.[0]) }, ofServed);
	} else {
		shareServed(shares, ofServed, gpu?.[0], state);
	}
}

/** Input and output first and then each to its owners, so that what they cost in all does not depend on who they are. */
function shareServed(
	{ owners, input, output }: DeploymentShares,
	amount: Amount,
	gpu: bigint | undefined,
	{ sums }: State,
): void {
	const { currency } = amount;
	const [ofInput, ofOutput] = apportion(amount, [input, output]) as [Amount, Amount];
	const inputs = partsOf(
		ofInput.nano,
		owners.map((owner) => owner.input),
	);
	const outputs = partsOf(
		ofOutput.nano,
		owners.map((owner) => owner.output),
	);
	const times =
		gpu === undefined
			? undefined
			: partsOf(
					gpu,
					owners.map((owner) => owner.input + owner.output),
				);
	owners.forEach(({ owner }, i) => {
		const [read, made] = [inputs[i] ?? 0n, outputs[i] ?? 0n];
		sums.add({
			kind: "serving",
			owner,
			amount: { currency, nano: read + made },
			input: { currency, nano: read },
			output: { currency, nano: made },
			...(times === undefined ? {} : { gpu: Number(times[i]) as GpuMicros }),
		});
	});
}

/** Whole parts of a whole number by weights. */
function partsOf(whole: bigint, weights: readonly bigint[]): bigint[] {
	return apportion({ currency: "", nano: whole }, weights).map(({ nano }) => nano);
}

/** GPU time of input and of output in microseconds; those of the owners add up to them. */
interface WorkTimes {
	readonly owners: readonly { readonly owner: Owner; readonly input: bigint; readonly output: bigint }[];
	readonly input: bigint;
	readonly output: bigint;
}

interface DeploymentShares extends WorkTimes {
	/** GPU time held over all pools. */
	readonly held: bigint;
}

function deploymentShares(deployment: string, span: Span, state: State): DeploymentShares {
	const key = `${deployment}\u0000${span.from}\u0000${span.to}`;
	const known = state.shares.get(key);
	if (known !== undefined) return known;
	const law = state.input.laws.get(deployment);
	const work = law === undefined ? NO_WORK : workOf(deployment, span, law, state);
	const held = state.heldByDeployment
		.overlapping(deployment, span)
		.reduce((sum, { of, share: within }) => sum + portion(of.gpu, within), 0n);
	const time = work.input + work.output;
	if (held > 0n && time > held) {
		const factor = Number(time) / Number(held);
		state.overruns.set(deployment, Math.max(factor, state.overruns.get(deployment) ?? 0));
	}
	const shares = { ...work, held };
	state.shares.set(key, shares);
	return shares;
}

const NO_WORK: WorkTimes = { owners: [], input: 0n, output: 0n };

/** The GPU time of all work is rounded once and then shared, so that it is the same by whatever owners are told apart. */
function workOf(deployment: string, span: Span, law: BusyLaw, { used }: State): WorkTimes {
	const overlaps = used.overlapping(deployment, span);
	const found = new Map<string, { readonly owner: Owner; readonly own: Overlap<UsedWork>[] }>();
	for (const overlap of overlaps) {
		const { owner } = overlap.of;
		const entry = found.get(ownerKey(owner));
		if (entry === undefined) found.set(ownerKey(owner), { owner, own: [overlap] });
		else entry.own.push(overlap);
	}
	const sorted = [...found].sort(byKey).map(([, { owner, own }]) => ({ owner, ...timesOf(own, law, FINE) }));
	const { input, output } = timesOf(overlaps, law, MICROS);
	const inputs = partsOf(
		input,
		sorted.map((each) => each.input),
	);
	const outputs = partsOf(
		output,
		sorted.map((each) => each.output),
	);
	const owners = sorted.map(({ owner }, i) => ({ owner, input: inputs[i] ?? 0n, output: outputs[i] ?? 0n }));
	return { owners, input, output };
}

/** In a second. Parts are weighed finer than they are counted: many that are less than half a microsecond each count too. */
const [MICROS, FINE] = [1e6, 1e12];

function timesOf(overlaps: readonly Overlap<UsedWork>[], law: BusyLaw, per: number): Omit<WorkTimes, "owners"> {
	const { prefillGpuSeconds, decodeGpuSeconds } = busyTime(law, sumOfWork(overlaps));
	const whole = (seconds: number): bigint => BigInt(Math.round(seconds * per));
	return { input: whole(prefillGpuSeconds), output: whole(decodeGpuSeconds) };
}

/** What was done within a span. Sums of whole tokens are exact, in whatever parts they come. */
export function sumOfWork(overlaps: readonly Overlap<Pick<UsedWork, "work" | "from" | "to">>[]): BusyWork {
	const sum = (of: (work: BusyWork) => number): number =>
		overlaps.reduce((total, { of: { work }, share: within }) => total + of(work) * within, 0);
	return {
		uncachedInputTokens: sum(({ uncachedInputTokens }) => uncachedInputTokens),
		outputTokens: sum(({ outputTokens }) => outputTokens),
		outputContextTokens2: sum(({ outputContextTokens2 }) => outputContextTokens2),
	};
}

/** Bought tokens go to those who used them. */
function shareTokens(charge: TokenCharge, state: State): void {
	const isInput = charge.bucket !== "output" && charge.bucket !== "reasoning";
	const parts = new Map<string, Part>();
	for (const { of, share: within } of state.bought.overlapping(charge.model, charge)) {
		const weight = portion(of.tokens[charge.bucket] ?? 0, within);
		if (weight === 0n) continue;
		const key = ownerKey(of.owner);
		const sum = (parts.get(key)?.weight ?? 0n) + weight;
		parts.set(key, { kind: "serving", owner: of.owner, weight: sum, split: isInput ? [1n, 0n] : [0n, 1n] });
	}
	if (parts.size === 0) {
		const label = `${charge.bucket} tokens of ${charge.model} that no log shows`;
		state.sums.add({ kind: "residual", owner: {}, label, amount: charge.amount });
		return;
	}
	const sorted = [...parts].sort(byKey).map(([, part]) => part);
	share(charge.amount, sorted, (part, amount) => add(state, part, amount));
}

function share(amount: Amount, parts: readonly Part[], give: (part: Part, amount: Amount) => void): void {
	const amounts = apportion(
		amount,
		parts.map(({ weight }) => weight),
	);
	parts.forEach((part, i) => give(part, amounts[i] as Amount));
}

function add({ sums }: State, { kind, owner, label, gpu, split }: Part, amount: Amount): void {
	const parts = split === undefined ? undefined : apportion(amount, split[0] + split[1] === 0n ? [0n, 1n] : split);
	sums.add({
		kind,
		owner,
		amount,
		...(kind === "serving" || label === undefined ? {} : { label }),
		...(gpu === undefined ? {} : { gpu: Number(gpu) as GpuMicros }),
		...(parts === undefined ? {} : { input: parts[0] as Amount, output: parts[1] as Amount }),
	});
}

function heldBy(deployment: string, model: string | undefined): Owner {
	return model === undefined ? { deployment } : { deployment, model };
}

function holds({ held }: AttributionInput, deployment: string): boolean {
	return held.some((each) => each.deployment === deployment);
}

interface GroupedIndex<T extends Span> {
	overlapping(key: string, span: Span): ReturnType<SpanIndex<T>["overlapping"]>;
}

function groupedIndex<T extends Span>(things: readonly T[], keysOf: (thing: T) => readonly string[]): GroupedIndex<T> {
	const groups = new Map<string, T[]>();
	for (const thing of things) {
		for (const key of keysOf(thing)) {
			const group = groups.get(key);
			if (group === undefined) groups.set(key, [thing]);
			else group.push(thing);
		}
	}
	const indexes = new Map([...groups].map(([key, group]) => [key, spanIndex(group)]));
	return { overlapping: (key, span) => indexes.get(key)?.overlapping(span) ?? [] };
}

function portion(of: number, within: number): bigint {
	return within === 1 ? BigInt(of) : BigInt(Math.round(of * within));
}

export function ownerKey(owner: Owner): string {
	const { model, deployment, org, team, user, key, request } = owner;
	return [model, deployment, org, team, user, key, request].map((each) => each ?? "").join("\u0000");
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
	return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}
