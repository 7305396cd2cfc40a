/** Benchmark results in the layouts that `price --bench` reads, made by hand. */

/** `vllm bench serve --save-result`: 8 GPUs, 640 requests of 8,192 and 1,024 tokens in 320 s. */
export const BENCH_VLLM: string = JSON.stringify({
	date: "20261120-101500",
	backend: "vllm",
	model_id: "deepseek-ai/DeepSeek-R1",
	num_prompts: 640,
	max_concurrency: 64,
	duration: 320,
	completed: 640,
	total_input_tokens: 640 * 8192,
	total_output_tokens: 640 * 1024,
	request_throughput: 2,
	output_throughput: 2048,
	total_token_throughput: 18432,
	mean_ttft_ms: 812.4,
	median_ttft_ms: 640.1,
	mean_tpot_ms: 27.9,
	median_tpot_ms: 27.1,
});

/** A row of an InferenceX run: throughput is per GPU already. */
export const BENCH_INFERENCEX: string = JSON.stringify({
	hw: "b200-trt",
	framework: "trt",
	precision: "fp4",
	model: "deepseek-ai/DeepSeek-R1-0528",
	isl: 1024,
	osl: 1024,
	tp: 8,
	ep: 1,
	conc: 64,
	tput_per_gpu: 1500.5,
	output_tput_per_gpu: 750.25,
	input_tput_per_gpu: 750.25,
	median_ttft: 0.21,
	median_tpot: 0.018,
});

/** A row in the layout of InferenceX medians, measured. */
export const SERVING_ROW: string = `${JSON.stringify({
	hardware: "b200",
	framework: "trt",
	model: "dsr1",
	precision: "fp4",
	spec_method: "none",
	disagg: false,
	decode_tp: 8,
	decode_ep: 8,
	decode_dp_attention: false,
	isl: 8192,
	osl: 1024,
	conc: 64,
	median_tpot: 0.03,
	tput_per_gpu: 2100,
})}\n`;
