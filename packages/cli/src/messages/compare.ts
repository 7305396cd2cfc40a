/** What `farthing compare` prints besides API prices and years, which plans print too. */
import type { InEach } from "@farthing/answers";
import { inLanguage } from "../language.ts";

const en = {
	ways: "Ways to pay over the years",
	dimensions: {} as Readonly<Record<string, string>>,
	columns: [
		"$/M delivered",
		"",
		"GPUs",
		"util",
		"$/M headline",
		"grade",
		"rows",
		"cheapest of them",
	] as readonly string[],
	below: (of: string, against: string, volume: string, isSure: boolean) =>
		`  ${of} below ${against} from ${volume} on${isSure ? "" : ", not verified: too near the largest volume looked at"}`,
	mlperf: ["scenario", "hardware", "$/M output", "tok/s/GPU", "system", "Public ID"] as readonly string[],
	loadTest: ["hardware", "$/M output", "tok/s/GPU", "tok/s/user", "system", "keyed in"] as readonly string[],
	atOnce: (system: string, precision: string, concurrency: number) => `${system}, ${precision}, ${concurrency} at once`,
	unranked: (system: string, why: string) => `  not ranked: ${system}: ${why}`,
};

const zh: typeof en = {
	ways: "各年的付费方式",
	dimensions: { hardware: "硬件", precision: "精度", stack: "推理框架" },
	columns: ["$/M 交付", "", "GPU 数", "利用率", "$/M 宣传", "等级", "行数", "其中最便宜的"],
	below: (of, against, volume, isSure) =>
		`  从 ${volume} 起 ${of} 低于 ${against}${isSure ? "" : "，未能确认：离所考察的最大用量太近"}`,
	mlperf: ["场景", "硬件", "$/M 输出", "tok/s/GPU", "系统", "Public ID"],
	loadTest: ["硬件", "$/M 输出", "tok/s/GPU", "tok/s/user", "系统", "录入位置"],
	atOnce: (system, precision, concurrency) => `${system}，${precision}，并发 ${concurrency}`,
	unranked: (system, why) => `  未排名：${system}：${why}`,
};

const inEach: InEach<typeof en> = { en, zh };

export const compareWords: typeof en = inLanguage(inEach);
