import type { Profile } from "../profile.ts";

/** The endpoint picker of llm-d and of the Gateway API inference extension. Names: llm-d-router docs/metrics.md. */
export const llmD: Profile = {
	id: "llm-d",
	version: 1,
	counts: "router",
	families: "^(llm_d_epp|llm_d_inference_scheduler|inference_(objective|model|pool|extension))_",
	model: ["model_name", "target_model_name"],
	engine: [],
	ranks: [],
	roles: [],
	// The older names are emitted beside the new ones: the first that is there is taken, never both.
	tokens: {
		in_total: stems("request_input_tokens", "sum"),
		cached_any: stems("request_cached_tokens", "sum"),
		out_total: stems("request_output_tokens", "sum"),
	},
	requests: {
		finished: stems("request_total"),
		errored: stems("request_error_total"),
	},
	latency: {
		ttft: ["llm_d_epp_request_ttft_seconds"],
		itl: ["llm_d_epp_request_streaming_itl_seconds"],
		tpot: ["llm_d_epp_request_streaming_tpot_seconds", "llm_d_epp_request_tpot_seconds"],
		e2e: ["llm_d_epp_request_duration_seconds", "inference_objective_request_duration_seconds"],
	},
	moment: "finish",
	others: ["^(llm_d_epp|llm_d_inference_scheduler|inference_(objective|model|pool|extension))_.*$"],
	absent: {
		in_total: "no input tokens at the router: the engines count them",
		cached_any: "no cached tokens: input counts cached tokens as computed ones, unless the engines say them",
		out_total: "no output tokens at the router: the engines count them",
		finished: "no request counts: no cost per request",
	},
	enable: "on by default at :9090/metrics of the endpoint picker",
};

function stems(stem: string, part?: "sum"): { metric: string; part?: "sum" }[] {
	return ["llm_d_epp", "llm_d_inference_scheduler", "inference_objective", "inference_model"].map((prefix) => ({
		metric: `${prefix}_${stem === "request_input_tokens" && prefix.startsWith("inference") ? "input_tokens" : stem === "request_output_tokens" && prefix.startsWith("inference") ? "output_tokens" : stem}`,
		...(part === undefined ? {} : { part }),
	}));
}
