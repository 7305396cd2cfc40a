/** What is printed of years of money: ways side by side, the years of the best, where ways cross. */
import type { InEach } from "@farthing/answers";
import { LEFT_OUT_ZH, SOFTWARE_METHODS_ZH, STAGE_PARTS_ZH, UNIT_COST_CAUSES_ZH } from "@farthing/report/labels";
import { inLanguage } from "../language.ts";

/** A count as it is shown, for words that have a singular. */
interface Counted {
	readonly text: string;
	readonly isOne: boolean;
}

interface Pace {
	readonly median: string;
	readonly low: string;
	readonly high: string;
}

const en = {
	ways: { own: "own", rent: "rent", api: "API", hybrid: "hybrid" } as Readonly<Record<string, string>>,
	years: (count: string, isOne: boolean) => `${count} ${isOne ? "year" : "years"}`,
	heading: (length: string, start: string | undefined, byNpv: boolean) =>
		`${length}${start === undefined ? "" : ` from ${start}`}, ranked by ${byNpv ? "NPV" : "present cost"}`,
	machine: (machine: string, row: string, accuracy: string) =>
		`  on ${machine}, row ${row}${accuracy}\n  one row for every way, so that ways differ in how they pay: the cheapest at the mean demand of the years, of equals the lower headline`,
	byYear: (way: string) => `${way}, by year:`,
	models: { model: "model", share: "share", on: "on", lastYear: (way: string) => `${way}, last year` },
	precision: (month: number, precision: string, gain: string, row: string, accuracy: string) =>
		`  from month ${month} on in ${precision}, ${gain} the throughput, row ${row}${accuracy}`,
	accuracy: (task: string, score: string, precision: string, runs: number, fp8: string, runsFp8: number) =>
		`; ${task} ${score} in ${precision} (${runs} runs), ${fp8} in fp8 (${runsFp8})`,
	strategies: {
		npv: "NPV",
		cost: "present cost",
		range: "P10 to P90",
		tco: "TCO",
		levelised: "levelised",
		floor: "price floor",
		irr: "IRR",
		payback: (afterLoans: boolean): string => (afterLoans ? "payback after loans" : "payback"),
		peak: (afterLoans: boolean): string => (afterLoans ? "peak cash after loans" : "peak cash"),
		marginal: "marginal",
		grade: "grade",
	},
	none: "none",
	roots: (count: number | undefined) => `${count} roots`,
	notReached: "not reached",
	notPriced: (way: string, reason: string, sizes: readonly string[]) =>
		`  ${way} is not priced: ${reason}${sizes.length === 0 ? "" : `; it would take ${sizes.join(", ")} by year`}`,
	apart: {
		unranked: (way: string, why: string) => `  ${way} is not ranked: ${why}`,
		noFloor: (way: string, why: string) => `  ${way} has no price floor: ${why}`,
		leavesOut: (way: string, what: string) => `  ${way} leaves out: ${what}`,
	},
	draws: (count: string, isOne: boolean) => `Of ${count} ${isOne ? "draw" : "draws"}, each way`,
	chances: {
		best: (shares: readonly string[]) => `  is the best in: ${shares.join(", ")}`,
		loss: (shares: readonly string[]) => `  loses money in: ${shares.join(", ")}`,
		no_payback: (shares: readonly string[]) => `  does not pay back for good in: ${shares.join(", ")}`,
	},
	columns: {
		year: "year",
		opening: "opening",
		tokens: "tok/day",
		gpus: "GPUs",
		use: "util",
		capital: "capital",
		running: "running",
		revenue: "revenue",
		resale: "resale",
		tax: "tax",
		cash: "cash",
		afterLoans: "after loans",
		delivered: "$/M delivered",
		range: "P10–P90",
		notServed: "not served",
	},
	cash: (has: {
		readonly revenue: boolean;
		readonly resale: boolean;
		readonly tax: boolean;
		readonly loans: boolean;
	}) =>
		`  cash = ${has.revenue ? "revenue − running − capital" : "− running − capital"}${has.resale ? " + resale" : ""}${has.tax ? " − tax" : ""}${has.loans ? ", before loans; after loans: what is left to the owner" : ""}`,
	spread:
		"  $/M delivered = (running + a charge on the machines in service, which spreads capital over their life) ÷ tokens of the year",
	bridge: {
		start: "as at the opening",
		end: "as planned",
		heading: (way: string, isCheaper: boolean, year: number) =>
			`Why a token costs ${way} ${isCheaper ? "less" : "more"} in year ${year} than if all stayed as at the opening:`,
		against: (cause: string, isDearer: boolean) => `${cause}: ${isDearer ? "dearer" : "cheaper"}`,
		causes: {} as Readonly<Record<string, string>>,
	},
	stages: {
		parts: {} as Readonly<Record<string, string>>,
		names: {} as Readonly<Record<string, string>>,
		total: "total, $/M tokens",
		idle: "of it idle GPUs",
		paysFor: (way: string | undefined) => `What a million tokens pays for${way === undefined ? "" : `, ${way} fleet`}`,
		stage: (name: string, month: number) => `${name} (month ${month})`,
	},
	crossingsCount:
		"  these count the whole plan: machines, space, people, energy and rent; utilisation is the mean over its months",
	crossing: {
		below: (of: string, against: string, time: string, volume: string, use: string) =>
			`${of} below ${against}: in time ${time} · in volume ${volume}${use}`,
		use: (text: string) => ` · break-even utilisation ${text}`,
		notReached: "not reached",
		notVerified: (text: string) => `${text}, not verified: it does not hold long enough to say`,
		fromMonth: (month: string) => `from month ${month} on`,
		everyVolume: (lowest: string) => `at every volume from ${lowest}`,
		fromVolume: (volume: string) => `from ${volume} on`,
	},
	software: {
		measured: (pace: Pace, pairs: Counted, group: string, worse: Counted) =>
			`  measured: median ${pace.median} in 90 days (P10–P90 ${pace.low}–${pace.high}), ${pairs.text} ${pairs.isOne ? "pair" : "pairs"} of ${group}, ${worse.text} ${worse.isOne ? "regression" : "regressions"}`,
		methods: {} as Readonly<Record<string, string>>,
		taken: (method: string) => `${method} (taken)`,
		believed: (way: string | undefined) => `Software curve, if believed${way === undefined ? "" : `, ${way} fleet`}`,
		lastYear: "last year",
		limit: (most: string, isRoofline: boolean, reason: string) =>
			`  no software exceeds ${most}, the ${isRoofline ? "roofline" : "data sheet's FLOPS"}: ${reason}`,
	},
	headline: {
		revenue: "revenue at full load, all sold, at today's price",
		leftOut: {} as Readonly<Record<string, string>>,
		says: (way: string, claimed: string, kept: string) =>
			`A headline would say that this ${way} fleet earns ${claimed} its capital; what that leaves out makes it ${kept} (NPV over capital):`,
	},
	footprint: {
		energy: (way: string | undefined, energy: string, grids: readonly string[]) =>
			`Energy${way === undefined ? "" : ` of the ${way} fleet`} ${energy}; gCO2 per million tokens by grid: ${grids.join(", ")}`,
		columns: ["region", "energy", "$/M tokens for energy", "gCO2/M tokens"] as readonly string[],
	},
};

/** Chinese and Latin letters stand apart. */
const before = (name: string): string => (/[\w)]$/.test(name) ? `${name} ` : name);
const after = (name: string): string => (/^[\w(]/.test(name) ? ` ${name}` : name);

const zh: typeof en = {
	ways: { own: "自建", rent: "租用", api: "API", hybrid: "混合" },
	years: (count) => `${count} 年`,
	heading: (length, start, byNpv) =>
		`${length}${start === undefined ? "" : `，自 ${start} 起`}，按${byNpv ? "净现值（NPV）" : "成本现值"}排名`,
	machine: (machine, row, accuracy) =>
		`  使用 ${machine}，行 ${row}${accuracy}\n  各方式都用同一行，差别只在付费方式：按各年平均需求最便宜的一行，成本相同时取满载成本较低者`,
	byYear: (way) => `${way}，逐年：`,
	models: { model: "模型", share: "占比", on: "机器", lastYear: (way) => `${way}，最后一年` },
	precision: (month, precision, gain, row, accuracy) =>
		`  从第 ${month} 个月起采用 ${precision}，吞吐量为 ${gain}，行 ${row}${accuracy}`,
	accuracy: (task, score, precision, runs, fp8, runsFp8) =>
		`；${task}：${precision} 为 ${score}（运行 ${runs} 次），fp8 为 ${fp8}（${runsFp8} 次）`,
	strategies: {
		npv: "NPV",
		cost: "成本现值",
		range: "P10 至 P90",
		tco: "TCO",
		levelised: "平准化",
		floor: "价格下限",
		irr: "IRR",
		payback: (afterLoans) => (afterLoans ? "回本（贷款后）" : "回本"),
		peak: (afterLoans) => (afterLoans ? "最大现金（贷款后）" : "最大现金"),
		marginal: "边际",
		grade: "等级",
	},
	none: "无",
	roots: (count) => `${count} 个根`,
	notReached: "未达到",
	notPriced: (way, reason, sizes) =>
		`  ${before(way)}未定价：${reason}${sizes.length === 0 ? "" : `；逐年需要 ${sizes.join("、")}`}`,
	apart: {
		unranked: (way, why) => `  ${before(way)}未排名：${why}`,
		noFloor: (way, why) => `  ${before(way)}没有价格下限：${why}`,
		leavesOut: (way, what) => `  ${before(way)}未计入：${what}`,
	},
	draws: (count) => `${count} 次抽样中，各方式`,
	chances: {
		best: (shares) => `  最优：${shares.join("，")}`,
		loss: (shares) => `  亏损：${shares.join("，")}`,
		no_payback: (shares) => `  不能永久回本：${shares.join("，")}`,
	},
	columns: {
		year: "年份",
		opening: "开业",
		tokens: "tok/day",
		gpus: "GPU 数",
		use: "利用率",
		capital: "资本",
		running: "运行",
		revenue: "收入",
		resale: "转售",
		tax: "税",
		cash: "现金",
		afterLoans: "贷款后",
		delivered: "$/M 交付",
		range: "P10–P90",
		notServed: "未服务",
	},
	cash: (has) =>
		`  现金 = ${has.revenue ? "收入 − 运行 − 资本" : "− 运行 − 资本"}${has.resale ? " + 转售" : ""}${has.tax ? " − 税" : ""}${has.loans ? "，贷款前；贷款后：归所有者的部分" : ""}`,
	spread: "  $/M 交付 =（运行 + 在用机器的资本费用，即资本按其寿命的分摊）÷ 当年 token 数",
	bridge: {
		start: "按开业时的状态",
		end: "按计划",
		heading: (way, isCheaper, year) =>
			`与一切保持开业时的状态相比，第 ${year} 年${way}的 token 成本为何${isCheaper ? "更低" : "更高"}：`,
		against: (cause, isDearer) => `${cause}：${isDearer ? "更贵" : "更便宜"}`,
		causes: UNIT_COST_CAUSES_ZH,
	},
	stages: {
		parts: STAGE_PARTS_ZH,
		names: { prototype: "原型", pilot: "试点", production: "生产" },
		total: "合计，$/M token",
		idle: "其中空闲 GPU",
		paysFor: (way) => `每百万 token 的费用去向${way === undefined ? "" : `，${way}集群`}`,
		stage: (name, month) => `${name}（第 ${month} 个月）`,
	},
	crossingsCount: "  计入整个计划：机器、机房、人员、能源与租金；利用率为各月的均值",
	crossing: {
		below: (of, against, time, volume, use) =>
			`${before(of)}低于${after(against)}：按时间${after(time)} · 按用量${after(volume)}${use}`,
		use: (text) => ` · 盈亏平衡利用率 ${text}`,
		notReached: "未达到",
		notVerified: (text) => `${text}，未能确认：其后成立的时间不够长`,
		fromMonth: (month) => `从第 ${month} 个月起`,
		everyVolume: (lowest) => `从 ${lowest} 起的所有用量`,
		fromVolume: (volume) => `从 ${volume} 起`,
	},
	software: {
		measured: (pace, pairs, group, worse) =>
			`  实测：90 天的中位数 ${pace.median}（P10–P90 ${pace.low}–${pace.high}），${group} 的 ${pairs.text} 对数据，其中 ${worse.text} 对变差`,
		methods: SOFTWARE_METHODS_ZH,
		taken: (method) => `${method}（采用）`,
		believed: (way) => `软件曲线，若相信${way === undefined ? "" : `，${way}集群`}`,
		lastYear: "最后一年",
		limit: (most, isRoofline, reason) =>
			`  任何软件都不会超过 ${most}，即${isRoofline ? "屋顶线" : "数据手册的 FLOPS"}：${reason}`,
	},
	headline: {
		revenue: "满载、全部售出、按今天价格的收入",
		leftOut: LEFT_OUT_ZH,
		says: (way, claimed, kept) =>
			`宣传数字会说这个${way}集群赚得资本的 ${claimed}；补上它略去的内容后为 ${kept}（净现值除以资本）：`,
	},
	footprint: {
		energy: (way, energy, grids) =>
			`能耗${way === undefined ? "" : `（${way}集群）`} ${energy}；每百万 token 的 gCO2，按电网：${grids.join("，")}`,
		columns: ["地区", "能源", "$/M token 的能源费", "gCO2/M token"],
	},
};

const inEach: InEach<typeof en> = { en, zh };

export const yearsWords: typeof en = inLanguage(inEach);
