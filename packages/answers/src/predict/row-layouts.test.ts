import type { ServingRow } from "@farthing/engine";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../test-support/questions.ts";
import { readRows, rowOfPoint } from "./row-layouts.ts";

const COLUMNS =
	"id,silicon_data_source,backend,backend_version,model_path,system,precision,mode,isl,osl,gemm_quant_mode,moe_quant_mode,batch_size,tp_size,pp_size,attention_dp_size,moe_tp_size,moe_ep_size,prefill_num_workers,prefill_tp_size,prefill_attention_dp_size,prefill_moe_tp_size,prefill_moe_ep_size,decode_batch_size,decode_num_workers,decode_tp_size,decode_attention_dp_size,decode_moe_tp_size,decode_moe_ep_size,silicon_ttft_ms,silicon_tpot_ms";

function sample(cells: Record<string, string | number>): ServingRow {
	const given: Record<string, string | number> = {
		id: "x",
		silicon_data_source: "db-dump/2026-04-27; config_id=1; silicon_concurrency=64; measured=2026-03-25T00:00:00.000Z",
		backend: "trtllm",
		model_path: "deepseek-ai/DeepSeek-R1",
		system: "b200_sxm",
		precision: "fp4",
		mode: "agg",
		isl: 1024,
		osl: 1024,
		silicon_ttft_ms: 100,
		silicon_tpot_ms: 10,
		...cells,
	};
	const line = COLUMNS.split(",").map((name) => String(given[name] ?? ""));
	const [row] = readRows(catalogue, `${COLUMNS}\n${line.join(",")}\n`, "sample.csv")?.rows ?? [];
	if (row?.ok !== true) throw new Error(row?.reason ?? "no row");
	return row.row;
}

describe("sizes of the AIConfigurator sample", () => {
	it.each([
		["TP·EP stated as TP", { tp_size: 64, attention_dp_size: 1, moe_tp_size: 8, moe_ep_size: 8 }, 8, 8, false],
		[
			"TP·EP stated as attention groups",
			{ tp_size: 1, attention_dp_size: 16, moe_tp_size: 4, moe_ep_size: 4 },
			4,
			4,
			true,
		],
		["TP 2 with EP 2", { tp_size: 4, attention_dp_size: 1, moe_tp_size: 2, moe_ep_size: 2 }, 2, 2, false],
		["both stated", { tp_size: 4, attention_dp_size: 4, moe_tp_size: 1, moe_ep_size: 16 }, 4, 4, true],
		["plain", { tp_size: 8, attention_dp_size: 1, moe_tp_size: 8, moe_ep_size: 1 }, 8, 1, false],
	])("of a database row: %s", (_, cells, gpus, ep, dpAttention) => {
		const row = sample(cells);
		expect(row.gpus).toBe(gpus);
		expect(row.decode).toEqual({ tp: gpus, pp: 1, ep, dpAttention });
		expect(row.lengthShare).toBe(0.9);
	});

	it("of a row that NVIDIA collected are as stated", () => {
		const source = "source_file=h100_sxm/trtllm/1.3.0rc1/gpt-oss.csv; silicon_concurrency=320";
		const row = sample({ silicon_data_source: source, tp_size: 4, moe_tp_size: 2, moe_ep_size: 2 });
		expect(row).toMatchObject({ gpus: 4, lengthShare: 1, concurrency: 320, speculative: "none" });
	});

	it("of a whole NVL72 deployment are its GPUs, with roles untold", () => {
		const row = sample({ system: "gb200", tp_size: 36, attention_dp_size: 1, moe_tp_size: 36, moe_ep_size: 1 });
		expect(row).toMatchObject({ disaggregated: true, gpus: 36, stack: "dynamo-tensorrt-llm" });
		expect(row.decode.workers).toBeUndefined();
	});

	it.each([32, 64])("of an NVL72 deployment of %i GPUs are no tensor-parallel group of that size", (gpus) => {
		const row = sample({ system: "gb200", tp_size: gpus, attention_dp_size: 1, moe_tp_size: gpus, moe_ep_size: 1 });
		expect(row).toMatchObject({ disaggregated: true, gpus });
		expect(row.decode.tp).toBeLessThan(gpus);
	});

	it("of a row without a concurrency answer a question, and say that they are assumed", () => {
		const source = "source_file=h100_sxm/trtllm/1.2.0rc6.post1/qwen3_32b.csv; measured=2026-01-23";
		const cells = { silicon_data_source: source, model_path: "Qwen/Qwen3-32B", system: "h100_sxm", precision: "fp8" };
		expect(sample({ ...cells, tp_size: 4, batch_size: 128 })).toMatchObject({ gpus: 4, concurrency: 128 });
	});

	it("of a wide worker that tells neither experts nor attention are those of the ones that tell", () => {
		const point = catalogue.benchmarks.find(({ id }) => id === "ix-56685a39");
		if (point === undefined) throw new Error("no such row");
		expect(point.decode).toMatchObject({ tp: 32 });
		expect(point.decode).not.toHaveProperty("ep");
		expect(rowOfPoint(catalogue, point)?.decode).toMatchObject({ tp: 32, ep: 32, dpAttention: true });
		expect(rowOfPoint(catalogue, point)?.prefill).toMatchObject({ tp: 2, ep: 1, dpAttention: false });
	});

	it("of both roles, with their workers", () => {
		const row = sample({
			mode: "disagg",
			prefill_num_workers: 2,
			prefill_tp_size: 4,
			prefill_moe_tp_size: 1,
			prefill_moe_ep_size: 4,
			decode_num_workers: 3,
			decode_tp_size: 1,
			decode_attention_dp_size: 8,
			decode_moe_tp_size: 1,
			decode_moe_ep_size: 8,
		});
		expect(row.gpus).toBe(2 * 4 + 3 * 8);
		expect(row.decode).toEqual({ tp: 8, pp: 1, ep: 8, dpAttention: true, workers: 3 });
	});
});

describe("names of the AIConfigurator sample", () => {
	const layout = { tp_size: 8, moe_tp_size: 8, moe_ep_size: 1 };

	it("take the format of the checkpoint where FP4 is said", () => {
		expect(sample({ ...layout, model_path: "openai/gpt-oss-120b", system: "h100_sxm" }).precision).toBe("mxfp4");
		expect(sample(layout).precision).toBe("nvfp4");
	});

	it("take the native format where none is said", () => {
		const bare = { ...layout, precision: "", gemm_quant_mode: "" };
		expect(sample({ ...bare, model_path: "meta-llama/Llama-3.1-8B-Instruct" }).precision).toBe("bf16");
		expect(sample({ ...bare, model_path: "nvidia/Llama-3.1-8B-Instruct-FP8" }).precision).toBe("fp8");
	});

	it("do not say whether DeepSeek drafts, unless the catalogue knows the configuration", () => {
		expect(
			sample({ ...layout, silicon_data_source: "source_file=2026-04-06.csv; silicon_concurrency=8" }).speculative,
		).toBe("unknown");
		const known = catalogue.benchmarks.find(
			({ speculative, publishedConfiguration: at }) => speculative === "mtp" && at !== undefined,
		);
		const source = `db-dump/2026-04-27; config_id=${known?.publishedConfiguration}; silicon_concurrency=8`;
		expect(sample({ ...layout, silicon_data_source: source }).speculative).toBe("mtp");
	});

	it("share a body between releases of one architecture", () => {
		expect(sample({ ...layout, model_path: "nvidia/DeepSeek-V3.1-NVFP4" }).body).toBe("deepseek-v3");
		expect(sample(layout).body).toBe("deepseek-v3");
	});
});

describe("texts of no known layout", () => {
	it.each(["", "a,b\n1,2\n", "{}", '{"rows": []}', "hello"])("are none: %j", (text) => {
		expect(readRows(catalogue, text, "x")?.rows ?? []).toEqual([]);
	});

	it.each([{ conc: 0 }, { isl: -5 }, { osl: 0 }, { decode_tp: 2.5 }])(
		"refuse what no deployment can have: %j",
		(cells) => {
			const good = {
				model: "dsr1",
				hardware: "b200",
				framework: "trt",
				precision: "fp4",
				isl: 1024,
				osl: 1024,
				conc: 8,
			};
			const rows = readRows(catalogue, JSON.stringify({ ...good, decode_tp: 8, ...cells }), "x.jsonl")?.rows ?? [];
			expect(rows[0]).toMatchObject({ ok: false });
			expect(rows[0]).toHaveProperty("reason", expect.stringContaining("is no whole number above 0"));
		},
	);

	it("give a reason for each bad line and keep the good ones", () => {
		const good = {
			model: "dsr1",
			hardware: "b200",
			framework: "trt",
			precision: "fp4",
			isl: 1024,
			osl: 1024,
			conc: 8,
			decode_tp: 8,
		};
		const text = `${JSON.stringify(good)}\nnot json\n${JSON.stringify({ ...good, conc: "many" })}\n`;
		const rows = readRows(catalogue, text, "x.jsonl")?.rows ?? [];
		expect(rows.map(({ ok }) => ok)).toEqual([true, false, false]);
		expect(rows[2]).toMatchObject({ reason: 'row 2: "conc" is no number' });
	});

	it("know the layout where the first row is the broken one, and say what a row does not name", () => {
		const sound = {
			hardware: "b200",
			framework: "trt",
			model: "dsr1",
			precision: "fp4",
			tp: 8,
			isl: 1024,
			osl: 1024,
			conc: 4,
		};
		const { framework: _, ...nameless } = sound;
		const text = [{ note: "exported by hand" }, sound, nameless].map((each) => JSON.stringify(each)).join("\n");
		const rows = readRows(catalogue, text, "rows.jsonl")?.rows;
		expect(rows?.map(({ ok }) => ok)).toEqual([false, true, false]);
		expect(rows?.[0]).toMatchObject({ reason: "row 0: the row names no model" });
		expect(rows?.[2]).toMatchObject({ reason: "row 2: the row names no stack" });
	});
});
