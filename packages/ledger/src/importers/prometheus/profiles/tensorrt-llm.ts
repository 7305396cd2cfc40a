import { COMMON_ROLES, type Profile } from "../profile.ts";

/** TensorRT-LLM 1.1 and later. Names: tensorrt_llm/metrics/collector.py, 2026. */
export const tensorrtLlm: Profile = {
	id: "tensorrt-llm",
	version: 1,
	counts: "engine",
	families: "^trtllm_",
	spellings: [{ from: "^trtllm:", to: "trtllm_" }],
	model: ["model_name", "model"],
	engine: [],
	ranks: [],
	roles: COMMON_ROLES,
	tokens: {
		in_total: [{ metric: "trtllm_prompt_tokens_total" }],
		cached_any: [
			{ metric: "trtllm_prompt_cached_tokens_total" },
			{ metric: "trtllm_prompt_cached_tokens", part: "sum" },
			{ metric: "trtllm_prompt_cached_tokens_per_request", part: "sum" },
			{ metric: "trtllm_prompt_cache_hit_tokens_total", total: { label: "cache_level", value: "total" } },
		],
		out_total: [{ metric: "trtllm_generation_tokens_total" }],
		draft_proposed: [
			{ metric: "trtllm_spec_decode_num_draft_tokens_total" },
			{ metric: "trtllm_spec_decode_drafted_tokens_total" },
		],
		draft_accepted: [
			{ metric: "trtllm_spec_decode_num_accepted_tokens_total" },
			{ metric: "trtllm_spec_decode_accepted_tokens_total" },
		],
	},
	requests: {
		finished: [
			{ metric: "trtllm_request_success_total" },
			{ metric: "trtllm_e2e_request_latency_seconds", part: "count" },
		],
		aborted: [{ metric: "trtllm_num_aborted_requests_total" }],
		errored: [{ metric: "trtllm_request_error_total" }],
		reason: "finished_reason",
	},
	latency: {
		ttft: ["trtllm_time_to_first_token_seconds"],
		tpot: ["trtllm_time_per_output_token_seconds"],
		e2e: ["trtllm_e2e_request_latency_seconds"],
	},
	moment: "finish",
	others: [
		"request_(queue|prefill|decode|inference)_time_seconds",
		"kv_cache_.*",
		"num_requests_(running|waiting)",
		"num_(active|paused|queued|scheduled|completed|new_active)_requests(_total)?",
		"prompt_(cache_hit|cached)_.*",
		"spec_decode_.*",
		"iteration_.*",
		"(prefill|generation)_.*",
		"server_queue_length",
		"ep_.*",
		"(cpu|gpu|pinned)_mem.*",
		"max_.*",
		"static_batching_.*",
		"inflight_batching_.*",
		"(model|parallel|speculative|kv_cache)_config_info",
	].map((name) => `^trtllm_${name}$`),
	absent: {
		in_total: "no input tokens (TensorRT-LLM before 1.3): take them from the frontend or a gateway",
		cached_any: "no cached tokens: input counts cached tokens as computed ones",
		out_total: "no output tokens (TensorRT-LLM before 1.3): take them from the frontend or a gateway",
		finished: "no request counts: no cost per request",
		ttft: "no TTFT: actuals cannot be held against a limit",
		start: "a restart within a window cannot be told from a fault of the counter",
	},
	enable: "return_perf_metrics: true (requests) and enable_iter_perf_stats: true (iterations), at /prometheus/metrics",
};
