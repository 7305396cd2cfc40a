/**
 * Constants of the step-time law: efficiencies over data-sheet peaks and fixed times that no data sheet states. They are
 * fitted to measured rows (`catalogue/serving-law.yaml`); the values here are the start of the fit.
 */

export interface StepLaw {
	/** Share of the memory bandwidth that reading weights reaches. */
	readonly weightBandwidth: number;
	/** The same of experts, whose tokens are few and scattered; and their share of the peak over that of other products. */
	readonly expertBandwidth: number;
	readonly expertCompute: number;
	readonly cacheBandwidth: number;
	/** Share of the peak that large matrix products reach, and the tokens at which half of it is reached. */
	readonly compute: number;
	readonly computeHalfTokens: number;
	readonly attentionCompute: number;
	readonly linkShare: number;
	/** Seconds a layer costs whatever it computes: launches, norms, small kernels. */
	readonly layerSeconds: number;
	/** On top, a layer whose attention is latent, sparse (its indexer), or linear. */
	readonly latentLayerSeconds: number;
	readonly sparseLayerSeconds: number;
	readonly linearLayerSeconds: number;
	/** On top, a layer that routes, for each expert that a token chooses: scores, permutations, launches. */
	readonly routeSeconds: number;
	/** On top, a layer with shared experts. */
	readonly sharedExpertSeconds: number;
	/** Latency of one collective. */
	readonly collectiveSeconds: number;
	/** Scheduling and sampling of a step, and on top of each sequence in it. */
	readonly stepSeconds: number;
	readonly sequenceSeconds: number;
	/** On top, a layer of a step that prefills. */
	readonly prefillLayerSeconds: number;
	/** Before a request reaches the engine: HTTP, tokenising, queue. */
	readonly admissionSeconds: number;
	/** How much of the time of others' prefills a decoding request waits for, 1 = all of it. */
	readonly interference: number;
	/** Waiting for the prefills of requests that arrive together, per unit of prefill load. */
	readonly queueing: number;
	/** Share of the requests that arrive all at once when a closed loop starts. */
	readonly burst: number;
	/** Sequences admitted over those whose mean length fits: engines admit on prompts and preempt later. */
	readonly overcommit: number;
	/** Share of the wait for a place in the cache that shows in TTFT; the rest falls on preempted decoding. */
	readonly waitShare: number;
	/** Share of speculative work that drafting adds to a step. */
	readonly draftShare: number;
}

export const LAW_MEMBERS: readonly (keyof StepLaw)[] = [
	"weightBandwidth",
	"expertBandwidth",
	"expertCompute",
	"cacheBandwidth",
	"compute",
	"computeHalfTokens",
	"attentionCompute",
	"linkShare",
	"layerSeconds",
	"latentLayerSeconds",
	"sparseLayerSeconds",
	"linearLayerSeconds",
	"routeSeconds",
	"sharedExpertSeconds",
	"collectiveSeconds",
	"stepSeconds",
	"sequenceSeconds",
	"prefillLayerSeconds",
	"admissionSeconds",
	"interference",
	"queueing",
	"burst",
	"overcommit",
	"waitShare",
	"draftShare",
];

export const PRIOR_LAW: StepLaw = {
	weightBandwidth: 0.85,
	expertBandwidth: 0.7,
	expertCompute: 0.8,
	cacheBandwidth: 0.84,
	compute: 0.69,
	computeHalfTokens: 128,
	attentionCompute: 0.5,
	linkShare: 0.42,
	layerSeconds: 56e-6,
	latentLayerSeconds: 10e-6,
	sparseLayerSeconds: 30e-6,
	linearLayerSeconds: 10e-6,
	routeSeconds: 5e-6,
	sharedExpertSeconds: 10e-6,
	collectiveSeconds: 4.6e-6,
	stepSeconds: 300e-6,
	sequenceSeconds: 14e-6,
	prefillLayerSeconds: 100e-6,
	admissionSeconds: 31e-3,
	interference: 1,
	queueing: 0.5,
	burst: 0.1,
	overcommit: 1.2,
	waitShare: 0.7,
	draftShare: 0.1,
};
