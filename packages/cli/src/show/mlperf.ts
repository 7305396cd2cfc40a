import type { MlperfAnswer } from "@farthing/answers";
import { bold, dim, textTable } from "../print.ts";
import { bare } from "./words.ts";

const SHOWN = 30;

export function mlperfText({ rows, unranked, rate, attribution }: MlperfAnswer, benchmark: string): string {
	const cells = rows
		.slice(0, SHOWN)
		.map((row) => [
			row.public_id,
			row.submitter,
			row.hardware,
			String(row.accelerators),
			row.scenario,
			bare(row.tokens_per_gpu_second),
			bare(row.gpu_hour),
			bare(row.unit_cost.output),
		]);
	const titles = ["id", "submitter", "hardware", "count", "scenario", "output tok/s/GPU", "$/GPU-hr", "$/M output"];
	return [
		bold(`MLPerf Inference v6.0, ${benchmark} · ${rate} · output tokens alone, not comparable with total tokens`),
		textTable(titles, cells, [3, 5, 6, 7]),
		...(rows.length > SHOWN ? [dim(`… and ${rows.length - SHOWN} more rows: --json prints all`)] : []),
		...(unranked.length === 0 ? [] : [`Not ranked: ${unranked.length} results`, ...unrankedLines(unranked)]),
		dim(attribution),
	].join("\n");
}

function unrankedLines(unranked: MlperfAnswer["unranked"]): string[] {
	const counts = new Map<string, number>();
	for (const { reason } of unranked) counts.set(reason, (counts.get(reason) ?? 0) + 1);
	return [...counts]
		.sort((a, b) => b[1] - a[1])
		.slice(0, 8)
		.map(([reason, count]) => dim(`  ${count} × ${reason}`));
}
