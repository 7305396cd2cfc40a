/** What `farthing actuals` prints. */
import type { InEach } from "@farthing/answers";
import { CHARGE_KINDS_ZH } from "@farthing/report/labels";
import { inLanguage } from "../language.ts";

const en = {
	delivered: (unit: string, grade: string | undefined) =>
		`${unit} delivered, idle and shared cost included, grade ${grade}`,
	whole: (unit: string, grade: string | undefined) =>
		`${unit}: the whole cost over all tokens, since no charge reaches any model, grade ${grade}`,
	ofTokens: (priced: string, total: string) => `${priced} of ${total}, the others at unknown cost`,
	window: (from: string, to: string, length: string) => `${from} to ${to} UTC, ${length}`,
	spent: (cost: string, tokens: string) => `${cost} for ${tokens}`,
	basis: (name: string) => `${name} basis`,
	bases: {} as Readonly<Record<string, string>>,
	explained: (share: string) => `${share} of the cost explained`,
	no: (dimension: string) => `(no ${dimension})`,
	dimensions: {} as Readonly<Record<string, string>>,
	columns: ["/M tok", "/M input", "/M output", "input", "cached", "output", "GPU-hr"] as readonly string[],
	moreRows: (count: number) => `… ${count} more rows: --json has them`,
	unknown: "unknown",
	costUnknown: "cost unknown",
	unpriced: (count: string, coverage: string) =>
		`; of ${count} the cost is not known: it is of ${coverage} of the tokens`,
	requests: (count: string, isOne: boolean, cost: string, gap: string, shown: string | undefined) =>
		`${count} ${isOne ? "request" : "requests"}, ${cost}${gap}${shown === undefined ? "" : `, the dearest ${shown} shown: --top N shows more, --export requests writes all`}`,
	rowsAbove: "the rows above",
	paidFor: "what was paid for",
	allCharges: "all charges",
	kinds: {
		serving: "serving",
		idle_held: "held, not at work",
		committed: "at work, paid either way",
		unallocated: "held by nobody",
		unmetered: "paid, seen by no meter",
		shared: "shared",
		tax: "tax",
		credit: "credit",
		residual: "not explained",
	},
	kindOf: (kind: string, of: readonly string[]) => `${kind}: ${of.join(", ")}`,
	toTheCent: "to the cent",
	apart: (difference: string) => `${difference} apart`,
	ofCurrency: (code: string, effective: string, billed: string) => `  ${code} ${effective} effective, ${billed} billed`,
	ofPool: (pool: string, rated: string, billed: string) =>
		`  ${pool}: ${rated} at the price on file, ${billed} on the bill`,
	noBill: (cost: string) => `no bill: ${cost} at the prices on file`,
	reconciled: (rows: string, isOne: boolean, bill: string, agreed: string, residual: string) =>
		`reconciled with ${rows} ${isOne ? "row" : "rows"} of the bill, ${bill}: ${agreed}; ${residual} not explained`,
	andRated: (cost: string) => `  and ${cost} at the prices on file, of what no bill pays for`,
	gpuTime: (busy: string, held: string, spare: string, use: string) =>
		`GPU time: ${busy} at work, ${held} held without work, ${spare} held by nobody: ${use} utilised`,
	energy: (energy: string, perToken: string, emitted: readonly string[]) =>
		`energy: ${energy}, ${perToken}${emitted.length === 0 ? "" : `; ${emitted.join(", ")}`}`,
	plan: (models: readonly string[]) => `plan (${models.join(", ")})`,
	causes: { unplanned: "models without a plan" } as Readonly<Record<string, string>>,
	actual: "actual",
	planToActual: "plan to actual",
	noForecast: "no forecast",
	forecast: (month: string, end: string, range: string, days: string, spent: string) =>
		`forecast of ${month}: ${end}, P10–P90 ${range}, from ${days} that cost ${spent}`,
	because: (said: string, reason: string) => `${said}: ${reason}`,
	noAnomaly: "no day can stand out",
	anomalies: ["day out of line", "expected"] as readonly [string, string],
	moreDays: (days: string) => `and ${days} more out of line: --json has them all`,
};

const zh: typeof en = {
	delivered: (unit, grade) => `交付成本 ${unit}，含空闲与共享成本，等级 ${grade}`,
	whole: (unit, grade) => `${unit}：全部成本除以全部 token，因为没有费用归属任何模型，等级 ${grade}`,
	ofTokens: (priced, total) => `${total} 中的 ${priced}（其余成本未知）`,
	window: (from, to, length) => `${from} 至 ${to} UTC，${length}`,
	spent: (cost, tokens) => `${tokens} 共 ${cost}`,
	basis: (name) => `${name}口径`,
	bases: { reserved: "预留", busy: "占用", marginal: "边际" },
	explained: (share) => `成本的 ${share} 得到解释`,
	no: (dimension) => `（没有${dimension}）`,
	dimensions: {
		model: "模型",
		deployment: "部署",
		org: "租户",
		team: "团队",
		user: "用户",
		key: "密钥",
		request: "请求",
	},
	columns: ["/M tok", "/M 输入", "/M 输出", "输入", "缓存", "输出", "GPU-hr"],
	moreRows: (count) => `… 另有 ${count} 行：见 --json`,
	unknown: "未知",
	costUnknown: "成本未知",
	unpriced: (count, coverage) => `；其中 ${count} 个的成本未知：所示为 ${coverage} 的 token 的成本`,
	requests: (count, _, cost, gap, shown) =>
		`${count} 个请求，${cost}${gap}${shown === undefined ? "" : `，显示最贵的 ${shown} 个：--top N 显示更多，--export requests 写出全部`}`,
	rowsAbove: "以上各行",
	paidFor: "费用去向",
	allCharges: "全部费用",
	kinds: CHARGE_KINDS_ZH,
	kindOf: (kind, of) => `${kind}：${of.join("，")}`,
	toTheCent: "分文不差",
	apart: (difference) => `相差 ${difference}`,
	ofCurrency: (code, effective, billed) => `  ${code} 有效 ${effective}，账单 ${billed}`,
	ofPool: (pool, rated, billed) => `  ${pool}：按在册价格 ${rated}，账单上 ${billed}`,
	noBill: (cost) => `没有账单：按在册价格 ${cost}`,
	reconciled: (rows, _, bill, agreed, residual) =>
		`与账单的 ${rows} 行对账，${bill}：${agreed}；${residual} 未得到解释`,
	andRated: (cost) => `  另有按在册价格的 ${cost}，不在任何账单之内`,
	gpuTime: (busy, held, spare, use) =>
		`GPU 时间：工作 ${busy}，被持有而未工作 ${held}，无人持有 ${spare}：利用率 ${use}`,
	energy: (energy, perToken, emitted) =>
		`能耗：${energy}，${perToken}${emitted.length === 0 ? "" : `；${emitted.join("，")}`}`,
	plan: (models) => `计划（${models.join("，")}）`,
	causes: {
		volume: "用量",
		mix: "模型构成",
		efficiency: "效率",
		utilisation: "利用率",
		price: "价格",
		currency: "汇率",
		other: "共享、抵扣、税、未解释",
		unplanned: "没有计划的模型",
	},
	actual: "实际",
	planToActual: "从计划到实际",
	noForecast: "没有预测",
	forecast: (month, end, range, days, spent) =>
		`${month} 的预测：${end}，P10–P90 ${range}，依据 ${days}，其成本为 ${spent}`,
	because: (said, reason) => `${said}：${reason}`,
	noAnomaly: "无法判断异常的日子",
	anomalies: ["异常的日子", "预期"],
	moreDays: (days) => `另有 ${days}异常：全部见 --json`,
};

const inEach: InEach<typeof en> = { en, zh };

export const actualsWords: typeof en = inLanguage(inEach);
