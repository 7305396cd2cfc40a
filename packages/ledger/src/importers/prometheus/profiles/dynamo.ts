import type { Profile } from "../profile.ts";

/** NVIDIA Dynamo's HTTP frontend. Names: ai-dynamo docs/observability, prometheus_names.rs, 1.0. */
export const dynamoFrontend: Profile = {
	id: "dynamo-frontend",
	version: 1,
	counts: "frontend",
	families: "^dynamo_frontend_",
	spellings: [
		{ from: "^nv_llm_http_service_", to: "dynamo_frontend_" },
		{ from: "^dynamo_frontend_cached_sequence_length", to: "dynamo_frontend_cached_tokens" },
	],
	model: ["model"],
	engine: [],
	ranks: [],
	roles: [],
	tokens: {
		in_total: [{ metric: "dynamo_frontend_input_sequence_tokens", part: "sum" }],
		cached_any: [{ metric: "dynamo_frontend_cached_tokens", part: "sum" }],
		out_total: [
			{ metric: "dynamo_frontend_output_tokens_total" },
			{ metric: "dynamo_frontend_output_sequence_tokens", part: "sum" },
		],
	},
	requests: {
		finished: [
			{ metric: "dynamo_frontend_requests_total", except: { status: ["error"] } },
			{ metric: "dynamo_frontend_request_duration_seconds", part: "count" },
		],
		errored: [{ metric: "dynamo_frontend_requests_total", only: { status: ["error"] } }],
	},
	latency: {
		ttft: ["dynamo_frontend_time_to_first_token_seconds"],
		itl: ["dynamo_frontend_inter_token_latency_seconds"],
		e2e: ["dynamo_frontend_request_duration_seconds"],
	},
	moment: "step",
	others: [
		"disconnected_clients",
		"(inflight|queued|active)_requests",
		"model_.*",
		"(input|output)_sequence_tokens",
		"worker_.*",
		"tokenizer_latency_.*",
		"router_.*",
		"event_loop_.*",
		"stage_.*",
	].map((name) => `^dynamo_frontend_${name}$`),
	absent: {
		in_total: "no input tokens at all",
		cached_any: "no cached tokens: input counts cached tokens as computed ones, unless the engines say them",
		out_total: "no output tokens: no cost per token",
		finished: "no request counts: no cost per request",
		ttft: "no TTFT: actuals cannot be held against a limit",
	},
	enable: "on by default at /metrics of the frontend",
};

/** Dynamo's router and worker side. Workers pass the engine's own families through, which count the tokens. */
export const dynamoRouter: Profile = {
	id: "dynamo-router",
	version: 1,
	counts: "router",
	families: "^dynamo_(component|router|work_handler|kvrouter|overhead)_",
	model: ["model"],
	engine: ["router_id"],
	ranks: [],
	roles: [],
	tokens: {
		in_total: [
			{ metric: "dynamo_component_router_input_sequence_tokens", part: "sum" },
			{ metric: "dynamo_router_input_sequence_tokens", part: "sum" },
		],
		out_total: [
			{ metric: "dynamo_component_router_output_sequence_tokens", part: "sum" },
			{ metric: "dynamo_router_output_sequence_tokens", part: "sum" },
		],
	},
	requests: {
		finished: [{ metric: "dynamo_component_router_requests_total" }, { metric: "dynamo_router_requests_total" }],
	},
	latency: {
		ttft: ["dynamo_component_router_time_to_first_token_seconds"],
		itl: ["dynamo_component_router_inter_token_latency_seconds"],
	},
	moment: "finish",
	others: ["^dynamo_(component|router|work_handler|kvrouter|overhead)_.*$"],
	absent: {
		in_total: "no input tokens at the router: the frontend or the engines count them",
		out_total: "no output tokens at the router: the frontend or the engines count them",
	},
	enable: "DYN_SYSTEM_PORT on the workers; the router counts where KV routing is on",
};
