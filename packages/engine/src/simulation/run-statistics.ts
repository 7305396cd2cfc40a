/** What is counted while a simulation runs: latencies, tokens, the course over time. */
import { LatencyHistogram } from "./latency-histogram.ts";
import type { RequestSlots } from "./request-slots.ts";
import type { StateName } from "./simulation-report.ts";

/** Limits a request must keep to count as goodput. Seconds. */
export interface GoodputLimits {
	readonly ttftSeconds?: number;
	readonly tpotSeconds?: number;
}

/** Requests up to this many tokens in and out are one class of length. */
export interface LengthClass {
	readonly name: string;
	readonly mostTokens: number;
}

/** One stretch of virtual time. */
export interface WindowReport {
	readonly fromSeconds: number;
	readonly toSeconds: number;
	readonly arrived: number;
	readonly finished: number;
	readonly good: number;
	readonly outputTokens: number;
	readonly ttftP50: number | undefined;
	readonly ttftP99: number | undefined;
	readonly tpotP50: number | undefined;
	readonly tpotP99: number | undefined;
	readonly e2eP50: number | undefined;
	readonly e2eP99: number | undefined;
	readonly waiting: number;
	readonly inFlight: number;
	/** Replicas that serve, at the end of the window. */
	readonly replicas: number;
	/** Share of the paid replica-seconds that stepped. */
	readonly busyShare: number | undefined;
	/** Paid GPU-seconds of the window by what the replicas did. */
	readonly gpuSeconds: Readonly<Record<StateName, number>>;
}

export class RunStatistics {
	readonly #slots: RequestSlots;
	/** By load. */
	readonly #limits: readonly GoodputLimits[];
	readonly #classes: readonly LengthClass[];
	readonly ttft: LatencyHistogram = new LatencyHistogram();
	readonly tpot: LatencyHistogram = new LatencyHistogram();
	readonly e2e: LatencyHistogram = new LatencyHistogram();
	readonly queue: LatencyHistogram = new LatencyHistogram();
	readonly #windowTtft = new LatencyHistogram();
	readonly #windowTpot = new LatencyHistogram();
	readonly #windowE2e = new LatencyHistogram();
	arrived = 0;
	finished = 0;
	rejected = 0;
	good = 0;
	goodTokens = 0;
	preemptions = 0;
	/** Tokens of the requests that arrived, and of those that finished. */
	arrivedInput = 0;
	arrivedOutput = 0;
	rejectedInput = 0;
	rejectedOutput = 0;
	input = 0;
	cachedInput = 0;
	output = 0;
	/** Σ over requests of the time in the system, and ∫ of the requests in the system over time. */
	sojourn = 0;
	inSystemArea = 0;
	#inSystem = 0;
	#since = 0;
	readonly byLoad: { arrived: number; finished: number; good: number; longest: number }[];
	readonly requestsByClass: Float64Array;
	readonly inputByClass: Float64Array;
	readonly outputByClass: Float64Array;
	#windowArrived = 0;
	#windowFinished = 0;
	#windowGood = 0;
	#windowOutput = 0;

	constructor(slots: RequestSlots, limits: readonly GoodputLimits[], classes: readonly LengthClass[]) {
		this.#slots = slots;
		this.#limits = limits;
		this.#classes = classes;
		this.byLoad = limits.map(() => ({ arrived: 0, finished: 0, good: 0, longest: 0 }));
		this.requestsByClass = new Float64Array(classes.length);
		this.inputByClass = new Float64Array(classes.length);
		this.outputByClass = new Float64Array(classes.length);
	}

	get inSystem(): number {
		return this.#inSystem;
	}

	arrive(slot: number, now: number): void {
		this.#advance(now);
		this.#inSystem++;
		this.arrived++;
		this.#ofLoad(slot).arrived++;
		this.#windowArrived++;
		this.arrivedInput += this.#slots.input[slot] as number;
		this.arrivedOutput += this.#slots.output[slot] as number;
	}

	reject(slot: number, now: number): void {
		this.#advance(now);
		this.#inSystem--;
		this.rejected++;
		this.rejectedInput += this.#slots.input[slot] as number;
		this.rejectedOutput += this.#slots.output[slot] as number;
		this.sojourn += now - (this.#slots.arrival[slot] as number);
	}

	firstToken(slot: number, now: number, requestSeconds: number): void {
		const seconds = now - (this.#slots.arrival[slot] as number) + requestSeconds;
		this.#slots.firstToken[slot] = now;
		this.#slots.outside[slot] = requestSeconds;
		this.ttft.add(seconds);
		this.#windowTtft.add(seconds);
	}

	finish(slot: number, now: number): void {
		this.#advance(now);
		this.#inSystem--;
		this.finished++;
		this.#windowFinished++;
		const slots = this.#slots;
		const arrival = slots.arrival[slot] as number;
		const first = slots.firstToken[slot] as number;
		const input = slots.input[slot] as number;
		const output = slots.output[slot] as number;
		const cached = slots.cached[slot] as number;
		// Where prefill has machines of its own, theirs are not those that end the request.
		const requestSeconds = slots.outside[slot] as number;
		this.sojourn += now - arrival;
		const own = this.#ofLoad(slot);
		own.finished++;
		own.longest = Math.max(own.longest, now - arrival + requestSeconds);
		this.e2e.add(now - arrival + requestSeconds);
		this.#windowE2e.add(now - arrival + requestSeconds);
		this.queue.add(slots.waited[slot] as number);
		const tpot = output > 1 ? (now - first) / (output - 1) : undefined;
		if (tpot !== undefined) {
			this.tpot.add(tpot);
			this.#windowTpot.add(tpot);
		}
		this.input += input;
		this.output += output;
		this.cachedInput += cached;
		this.#windowOutput += output;
		const { ttftSeconds, tpotSeconds } = this.#limits[slots.load[slot] as number] as GoodputLimits;
		const isGood =
			(ttftSeconds === undefined || first - arrival + requestSeconds <= ttftSeconds) &&
			(tpotSeconds === undefined || tpot === undefined || tpot <= tpotSeconds);
		if (isGood) {
			this.good++;
			own.good++;
			this.#windowGood++;
			this.goodTokens += input + output;
		}
		const place = this.#classOf(input + output);
		this.requestsByClass[place] = (this.requestsByClass[place] as number) + 1;
		this.inputByClass[place] = (this.inputByClass[place] as number) + input - cached;
		this.outputByClass[place] = (this.outputByClass[place] as number) + output;
	}

	/** Brings the area under the number in the system up to `now`. */
	close(now: number): void {
		this.#advance(now);
	}

	/** Ends a stretch of time. */
	window(
		from: number,
		to: number,
		fleet: Pick<WindowReport, "waiting" | "replicas" | "busyShare" | "gpuSeconds">,
	): WindowReport {
		const report = {
			fromSeconds: from,
			toSeconds: to,
			arrived: this.#windowArrived,
			finished: this.#windowFinished,
			good: this.#windowGood,
			outputTokens: this.#windowOutput,
			ttftP50: quantileOf(this.#windowTtft, 0.5),
			ttftP99: quantileOf(this.#windowTtft, 0.99),
			tpotP50: quantileOf(this.#windowTpot, 0.5),
			tpotP99: quantileOf(this.#windowTpot, 0.99),
			e2eP50: quantileOf(this.#windowE2e, 0.5),
			e2eP99: quantileOf(this.#windowE2e, 0.99),
			inFlight: this.#inSystem,
			...fleet,
		};
		for (const histogram of [this.#windowTtft, this.#windowTpot, this.#windowE2e]) histogram.clear();
		this.#windowArrived = 0;
		this.#windowFinished = 0;
		this.#windowGood = 0;
		this.#windowOutput = 0;
		return report;
	}

	#ofLoad(slot: number): RunStatistics["byLoad"][number] {
		return this.byLoad[this.#slots.load[slot] as number] as RunStatistics["byLoad"][number];
	}

	#advance(now: number): void {
		this.inSystemArea += this.#inSystem * (now - this.#since);
		this.#since = now;
	}

	#classOf(tokens: number): number {
		let place = 0;
		while (place < this.#classes.length - 1 && tokens > (this.#classes[place] as LengthClass).mostTokens) place++;
		return place;
	}
}

function quantileOf(histogram: LatencyHistogram, p: number): number | undefined {
	return histogram.count === 0 ? undefined : histogram.quantile(p);
}
